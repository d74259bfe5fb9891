package dev.masugata.gates.llm;

import dev.masugata.checkpoint.Screening;
import dev.masugata.checkpoint.Screening.Screened;
import dev.masugata.gates.llm.Callers.Caller;
import dev.masugata.model.Action;
import dev.masugata.model.Channel;
import dev.masugata.model.Circumstance;
import dev.masugata.model.Finding;
import dev.masugata.model.HttpBody;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Severity;
import dev.masugata.model.ToolClass;
import dev.masugata.net.Handler;
import dev.masugata.net.Request;
import dev.masugata.net.RequestFault;
import dev.masugata.net.Response;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Guardrails for those who call their models elsewhere, in two known forms over our own engine:
/// `/guard/bedrock/guardrail/{id}/version/{version}/apply` (Amazon Bedrock, ApplyGuardrail) and
/// `/guard/modelarmor/v1/projects/{p}/locations/{l}/templates/{t}:sanitizeUserPrompt` or `:sanitizeModelResponse`
/// (Google Cloud Model Armor). The policy in force is the floor: no name in a path lowers it.
public final class GuardGate implements Handler {
    /// Bytes of a request, and texts in it.
    public static final int TEXT_BYTES_MAX = 1024 * 1024;

    static final int TEXTS_MAX = 100;

    private static final Pattern BEDROCK =
            Pattern.compile("/guard/bedrock/guardrail/([A-Za-z0-9:._-]{1,200})/version/([A-Za-z0-9]{1,20})/apply");
    private static final Pattern ARMOR = Pattern.compile("/guard/modelarmor/v1/projects/[^/]{1,100}/locations/[^/]{"
            + "1,100}"
            + "/templates/([A-Za-z0-9._-]{1,100}):sanitize(UserPrompt|ModelResponse)");
    private static final HttpUrl NOWHERE = HttpUrl.of("https://guard.invalid/").orElseThrow();

    private final Screening screening;
    private final Callers callers;

    public GuardGate(Screening screening, Callers callers) {
        this.screening = screening;
        this.callers = callers;
    }

    /// True for what this gate answers.
    public static boolean isFor(Request request) {
        return request.path().startsWith("/guard/");
    }

    @Override
    public Response handle(Request request) throws Exception {
        var caller = callers.of(request);
        if (caller.isEmpty()) return Response.text(401, "a token is needed\n").with("WWW-Authenticate", "Bearer");
        var bedrock = BEDROCK.matcher(request.path());
        var armor = ARMOR.matcher(request.path());
        boolean known = bedrock.matches() || armor.matches();
        if (!known) return Response.text(404, "there is no such guardrail here\n");
        if (!request.method().equals("POST")) return Response.text(405, "POST texts here\n").with("Allow", "POST");
        HttpBody body;
        try {
            body = HttpBody.of(request.body().readAll(TEXT_BYTES_MAX), "application/json", "");
        } catch (RequestFault fault) {
            return json(fault.status(), Json.object("message", "the request is larger than is taken"));
        }
        if (!(body.says() instanceof Json.Obj says))
            return json(400, Json.object("message", "the body must be strict JSON: one object, no name twice"));
        return bedrock.matches()
                ? bedrock(caller.get(), bedrock.group(1), says)
                : armor(caller.get(), armor.group(1), armor.group(2).equals("UserPrompt"), says);
    }

    private Screened screen(Caller caller, String template, boolean prompt, String text) {
        var said = HttpBody.of(JsonWriter.bytes(Json.object("text", text)), "application/json", "");
        var call = new Action.ModelCall(
                Screening.PROVIDER, template, prompt ? "prompt" : "answer",
                new Action.HttpRequest(NOWHERE, "POST", List.of(), said),
                prompt ? Map.of("/text", Channel.TOOL_RESULT) : Map.of(), Action.ModelCall.Tokens.NONE);
        var circumstance = new Circumstance(
                caller.address(), ToolClass.READ, "", false, Circumstance.Lent.NONE, Circumstance.Opened.ALL);
        return prompt
                ? screening.prompt(caller.session(), call, circumstance)
                : screening.answer(caller.session(), call, circumstance);
    }

    // --- ApplyGuardrail ---------------------------------------------------------------------------------------------

    private Response bedrock(Caller caller, String guardrail, Json.Obj says) {
        var source = says.string("source").orElse("");
        var texts = new ArrayList<String>();
        for (var item : says.items("content"))
            if (item instanceof Json.Obj block && block.object("text").string("text").isPresent())
                texts.add(block.object("text").string("text").get());
        boolean odd = !source.equals("INPUT") && !source.equals("OUTPUT") || texts.isEmpty()
                || texts.size() != says.items("content").size() || texts.size() > TEXTS_MAX;
        if (odd)
            return json(400, Json.object("message", "`source` is INPUT or OUTPUT, and `content` is a list of texts, "
                    + TEXTS_MAX + " at most"));
        var outputs = new ArrayList<Json>();
        var found = new ArrayList<Finding>();
        boolean intervened = false;
        for (var text : texts) {
            var screened = screen(caller, guardrail, source.equals("INPUT"), text);
            intervened |= screened.denied() || !screened.text().equals(text);
            found.addAll(screened.found());
            outputs.add(Json.object("text", screened.denied() ? "denied by policy" : screened.text()));
        }
        return json(200, Json.object("action", intervened ? "GUARDRAIL_INTERVENED" : "NONE")
                .with("outputs", new Json.Arr(intervened ? outputs : List.of()))
                .with("assessments", new Json.Arr(found.isEmpty() ? List.of() : List.of(assessment(found, intervened))))
                .with("usage", Json.object("contentPolicyUnits", Json.of(texts.size()))
                        .with("sensitiveInformationPolicyUnits", Json.of(texts.size()))));
    }

    private static Json assessment(List<Finding> found, boolean intervened) {
        var attacks = found.stream().filter(it -> it.family().equals("injection") || it.family().equals("hidden"))
                .map(it -> Json.object("type", "PROMPT_ATTACK").with("confidence", confidence(it))
                        .with("action", intervened ? "BLOCKED" : "NONE").with("detected", Json.TRUE)).toList();
        var secrets = found.stream().filter(it -> it.family().equals("secret") || it.family().equals("personal"))
                .map(it -> Json.object("name", it.rule()).with("action", intervened ? "ANONYMIZED" : "NONE")
                        .with("detected", Json.TRUE)).toList();
        var rest = found.stream().filter(it -> !Pattern.matches("injection|hidden|secret|personal", it.family()))
                .map(it -> Json.object("name", it.rule()).with("type", "DENY")
                        .with("action", intervened ? "BLOCKED" : "NONE").with("detected", Json.TRUE)).toList();
        var assessment = Json.EMPTY;
        if (!attacks.isEmpty())
            assessment = assessment.with("contentPolicy", Json.object("filters", new Json.Arr(attacks)));
        if (!secrets.isEmpty())
            assessment = assessment.with("sensitiveInformationPolicy", Json.object("regexes", new Json.Arr(secrets)));
        return rest.isEmpty()
                ? assessment
                : assessment.with("topicPolicy", Json.object("topics", new Json.Arr(rest)));
    }

    private static String confidence(Finding finding) {
        return switch (finding.severity()) {
            case INFO, LOW -> "LOW";
            case MEDIUM -> "MEDIUM";
            case HIGH, CRITICAL -> "HIGH";
        };
    }

    // --- Model Armor ------------------------------------------------------------------------------------------------

    private Response armor(Caller caller, String template, boolean prompt, Json.Obj says) {
        var data = prompt ? "userPromptData" : "modelResponseData";
        var text = says.object(data).string("text");
        if (text.isEmpty())
            return json(400, Json.object("error", Json.object("code", Json.of(400))
                    .with("message", "`" + data + ".text` is missing").with("status", "INVALID_ARGUMENT")));
        var screened = screen(caller, template, prompt, text.get());
        var found = screened.found();
        var results = Json.object("pi_and_jailbreak", Json.object("piAndJailbreakFilterResult",
                        state(found, "injection|hidden").with("confidenceLevel", level(found))))
                .with("sdp", Json.object("sdpFilterResult",
                        Json.object("inspectResult", state(found, "secret|personal").with("findings", types(found)))))
                .with("malicious_uris", Json.object("maliciousUriFilterResult", state(found, "exfiltration")));
        boolean matched = screened.denied() || !screened.text().equals(text.get()) || found.stream().anyMatch(it ->
                it.severity().compareTo(Severity.MEDIUM) >= 0);
        var result = Json.object("filterMatchState", matched ? "MATCH_FOUND" : "NO_MATCH_FOUND")
                .with("filterResults", results).with("invocationResult", "SUCCESS");
        if (!screened.decision().isEmpty())
            result = result.with("sanitizationMetadata", Json.object("errorMessage", screened.decision()));
        return json(200, Json.object("sanitizationResult", result));
    }

    private static Json.Obj state(List<Finding> found, String families) {
        boolean matched = found.stream().anyMatch(it -> Pattern.matches(families, it.family()));
        return Json.object("executionState", "EXECUTION_SUCCESS")
                .with("matchState", matched ? "MATCH_FOUND" : "NO_MATCH_FOUND");
    }

    private static String level(List<Finding> found) {
        return found.stream().filter(it -> it.family().equals("injection")).map(GuardGate::confidence)
                .max((a, b) -> "LOW MEDIUM HIGH".indexOf(a) - "LOW MEDIUM HIGH".indexOf(b))
                .map(it -> it.equals("HIGH") ? "HIGH" : it.equals("MEDIUM") ? "MEDIUM_AND_ABOVE" : "LOW_AND_ABOVE")
                .orElse("CONFIDENCE_LEVEL_UNSPECIFIED");
    }

    private static Json types(List<Finding> found) {
        return new Json.Arr(found.stream().filter(it -> Pattern.matches("secret|personal", it.family()))
                .map(it -> Json.object("infoType", it.rule()).with("likelihood", "VERY_LIKELY")).toList());
    }

    private static Response json(int status, Json.Obj body) {
        return Response.of(status, "application/json", JsonWriter.bytes(body));
    }
}
