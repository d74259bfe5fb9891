package dev.masugata.app.bench;

import dev.masugata.wire.Json;
import java.util.Locale;

/// What one proxy did under one load.
///
/// @param seconds of processor time that the proxy used, what it started included
record EgressRow(
        String name, String load, long count, double took, double p50, double p99, double seconds, long residentKib) {
    double perSecond() {
        return count / took;
    }

    double perCpuSecond() {
        return seconds == 0 ? Double.NaN : count / seconds;
    }

    String line() {
        return String.format(
                Locale.ROOT, "%-20s %-22s %8.0f %8.2f %8.2f %9.3f %12.0f %8d", name, load, perSecond(), p50, p99,
                count == 0 ? Double.NaN : seconds * 1000 / count, perCpuSecond(), residentKib / 1024);
    }

    Json.Obj json() {
        return Json.object("name", name).with("load", load).with("count", Json.of(count))
                .with("perSecond", number(perSecond())).with("p50ms", number(p50)).with("p99ms", number(p99))
                .with("cpuSeconds", number(seconds)).with("residentKib", Json.of(residentKib));
    }

    private static Json number(double value) {
        return new Json.Num(String.format(Locale.ROOT, "%.3f", value));
    }
}
