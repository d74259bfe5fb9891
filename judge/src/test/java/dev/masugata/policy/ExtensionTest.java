package dev.masugata.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every extension function over texts at the edges of its type: what cedar-java says of each, we say.
class ExtensionTest {
    private record Kind(String constructor, List<String> texts, List<String> questions) {
        @Override
        public String toString() {
            return constructor;
        }
    }

    static List<Kind> kinds() {
        return List.of(
                new Kind("decimal", List.of(
                        "0.0", "-0.0", "1", "1.", ".1", "1.2345", "1.23456", "-1.5", "+1.5", "01.10", "0001.1", "1.10", " 1.0", "1e3",
                        "922337203685477.5807", "922337203685477.5808", "-922337203685477.5808", "-922337203685477.5809",
                        "00000000000000000000000000001.0", "12345678901234567890.0", "", "-", "--1.0", "1.0.0", "1,0", "\u0661.0",
                        "0.00001", "-0.0001"),
                        List.of("X == X", "X.lessThan(Y)", "X.lessThanOrEqual(Y)", "X.greaterThan(Y)", "X.greaterThanOrEqual(Y)", "X == Y")),
                new Kind("ip", List.of(
                        "127.0.0.1", "127.255.255.255", "127.0.0.0/8", "127.0.0.0/7", "10.0.0.1", "10.0.0.1/32", "10.0.0.0/8", "10.1.2.3/8",
                        "0.0.0.0/0", "256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4/33", "1.2.3.4/08", "1.2.3.4/", "1.2.3.4/-1",
                        "::", "::1", "::1/128", "::1/127", "::/0", "::1/129", "::1/064", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "1::2::3", ":::",
                        ":", "::ffff:127.0.0.1", "::ffff:7f00:1", "FE80::1", "fe80::1%eth0", "12345::", "ff00::/8", "ff02::1", "fe00::",
                        "224.0.0.0/4", "239.255.255.255", "224.0.0.0/3", "240.0.0.1", "", "a", "localhost", "1.2.3.4 ", "0x7f.0.0.1",
                        "2130706433", "1::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "ff00::/7"),
                        List.of("X == X", "X == Y", "X.isIpv4()", "X.isIpv6()", "X.isLoopback()", "X.isMulticast()", "X.isInRange(Y)",
                                "Y.isInRange(X)")),
                new Kind("datetime", List.of(
                        "1970-01-01", "2026-02-28", "2026-02-29", "2024-02-29", "1969-12-31", "0000-01-01", "0001-01-01", "9999-12-31",
                        "10000-01-01", "2026-1-1", "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-31T09:00:00Z", "2026-01-31T09:00:00",
                        "2026-01-31T09:00:00.250Z", "2026-01-31T09:00:00.25Z", "2026-01-31T09:00:00.2500Z", "2026-01-31T24:00:00Z",
                        "2026-01-31T23:59:60Z", "2026-01-31T23:60:00Z", "2026-01-31T09:00:00+0100", "2026-01-31T09:00:00-2359",
                        "2026-01-31T09:00:00+2359", "2026-01-31T09:00:00+2400", "2026-01-31T09:00:00+0060", "2026-01-31T09:00:00+01:00",
                        "2026-01-31T09:00:00.999-0830", "2026-01-31t09:00:00z", "2026-01-31 09:00:00Z", "", "x", "-2026-01-31",
                        "1969-12-31T23:59:59.999Z", "2026-01-31Z"),
                        List.of("X == X", "X < Y", "X.toDate() == X", "X.toDate() < X", "X.toTime() == duration(\"0ms\")",
                                "X.toTime() > duration(\"12h\")", "X.offset(duration(\"1d\")) > Y", "X.durationSince(Y) > duration(\"1d\")",
                                "X.offset(duration(\"9223372036854775807ms\")) > X", "X.durationSince(Y).toDays() == 0",
                                "X.offset(duration(\"-9223372036854775807ms\")).toDate() < X",
                                "X.durationSince(Y).toHours() < 0")),
                new Kind("duration", List.of(
                        "0ms", "1d", "1d2h3m4s5ms", "2h1d", "1d1d", "-1d", "-1d2h", "1d-2h", "--1d", "+1d", "", "-", "1", "d", "1m", "1ms", "1m1ms",
                        "1s1ms", "90m", "9223372036854775807ms", "9223372036854775808ms", "-9223372036854775808ms",
                        "-9223372036854775809ms", "106751991167d", "106751991168d", "-106751991168d", "106751991167d7h12m55s807ms",
                        "106751991167d7h12m55s808ms", "-106751991167d7h12m55s808ms", "-106751991167d7h12m55s809ms", "1 d", "1D", "01d",
                        "0000000000000000000000001d", "1.5h", "1d2s", "999ms", "-999ms", "-1500ms", "1h1ms"),
                        List.of("X == X", "X < Y", "X.toDays() == 0", "X.toHours() < 1", "X.toMinutes() == 90", "X.toSeconds() == -1",
                                "X.toMilliseconds() > 1000", "X.toSeconds() == 0", "context.time.offset(X) > context.time")));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void saysWhatCedarSays(Kind kind) throws Exception {
        var text = new StringBuilder();
        for (int i = 0; i < kind.questions().size(); i++)
            text.append("@id(\"p").append(i).append("\") permit (principal, action, resource) when { ")
                    .append(kind.questions().get(i)
                            .replace("X", kind.constructor() + "(context.args.path)")
                            .replace("Y", kind.constructor() + "(context.args.options.mode)"))
                    .append(" };\n");
        var statements = Parser.parse(new Source("t.cedar", text.toString()));
        var policy = OracleTest.uncheckedSet(statements);
        var different = new ArrayList<String>();
        var others = List.of(kind.texts().getFirst(), kind.texts().get(5), kind.texts().get(13));
        for (var one : kind.texts())
            for (var other : others) {
                var arguments = Json.object("path", one).with("options", Json.object("mode", other));
                var evidence = RandomEvidence.call(new String(JsonWriter.canonical(arguments), StandardCharsets.UTF_8), ToolClass.READ);
                var answer = new CedarOracle(evidence).ask(statements, _ -> true);
                var ours = ids(policy, evidence, "applies") + " " + ids(policy, evidence, "cannot be evaluated");
                var theirs = new TreeSet<>(answer.reasons()) + " " + new TreeSet<>(answer.errors());
                if (!ours.equals(theirs)) different.add(one + " | " + other + ": " + ours + " but Cedar " + theirs);
            }
        assertEquals(List.of(), different);
    }

    private static Set<String> ids(PolicySet policy, dev.masugata.model.Evidence evidence, String says) {
        var ids = new TreeSet<String>();
        for (var line : policy.lines(evidence)) if (line.says().equals(says)) ids.add(line.policy());
        return ids;
    }
}
