package dev.masugata.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.masugata.model.*;
import dev.masugata.wire.*;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.*;
import org.junit.jupiter.api.Test;

class BuiltinPolicyTest {
    static PolicySet builtin() throws Exception {
        try (var in = PolicySet.class.getResourceAsStream("/catalog/policies/builtin.cedar")) {
            var text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            var schema = (Json.Obj) JsonReader.read("{\"type\":\"object\",\"properties\":{\"path\":{\"type\":\"string\"}},\"required\":[\"path\"]}".getBytes(), Limits.DEFAULT);
            return PolicyLoader.load(List.of(new Source("builtin.cedar", text)), Map.of("files/read_file", schema));
        }
    }

    @Test
    void readingIsAllowedAndWritingElsewhereHeld() throws Exception {
        var policy = builtin();
        assertInstanceOf(Decision.Allow.class, policy.decide(evidence(ToolClass.READ, false), Set.of()));
        assertInstanceOf(Decision.Hold.class, policy.decide(evidence(ToolClass.WRITE, false), Set.of()));
        assertInstanceOf(Decision.Allow.class, policy.decide(evidence(ToolClass.WRITE, true), Set.of()));
        assertInstanceOf(Decision.Allow.class, policy.decide(evidence(ToolClass.WRITE, false), Set.of("hold-write-unreviewed")));
        assertInstanceOf(Decision.Deny.class, policy.decide(evidence(ToolClass.CREDENTIAL, false), Set.of()));
    }

    static Evidence evidence(ToolClass toolClass, boolean reviewable) {
        var session = new Session("s-1", new Principal.Agent("coder", "alice", Set.of("eng")), "", Session.Kind.TOKEN);
        var params = Json.object("name", "read_file").with("arguments", Json.object("path", "/x"));
        return new Evidence(session, new Action.ToolCall("files", "read_file", params),
                new Circumstance("127.0.0.1", toolClass, "", reviewable), List.of(), Set.of(), Facts.NONE, Instant.EPOCH);
    }
}
