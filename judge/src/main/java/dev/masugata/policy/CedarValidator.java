package dev.masugata.policy;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.DetailedError;
import com.cedarpolicy.model.ValidationRequest;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.policy.Policy;
import com.cedarpolicy.model.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Cedar's own validator, with the places in our files: unknown names, wrong types, policies that can never apply.
final class CedarValidator {
    private CedarValidator() {}

    static List<PolicyProblem> validate(List<Statement> statements, String schema) {
        var byId = new LinkedHashMap<String, Statement>();
        for (int i = 0; i < statements.size(); i++) byId.put("p" + i, statements.get(i));
        try {
            var request = new ValidationRequest(
                    Schema.parse(Schema.JsonOrCedar.Cedar, schema), policies(byId));
            var response = new BasicAuthorizationEngine().validate(request);
            var problems = new ArrayList<PolicyProblem>();
            response.errors.ifPresent(errors -> errors.forEach(error ->
                    problems.add(new PolicyProblem(file(statements), 1, 1, "cannot be validated: " + error.message))));
            response.success.ifPresent(success -> success.validationErrors.forEach(
                    error -> problems.add(problem(Objects.requireNonNull(byId.get(error.getPolicyId())), error.getError()))));
            return problems;
        } catch (AuthException broken) {
            return List.of(new PolicyProblem(file(statements), 1, 1, "cannot be validated: " + broken.getMessage()));
        }
    }

    private static String file(List<Statement> statements) {
        return statements.isEmpty() ? "policies" : statements.getFirst().source().file();
    }

    private static com.cedarpolicy.model.policy.PolicySet policies(Map<String, Statement> byId) {
        Set<Policy> policies = new HashSet<>();
        byId.forEach((id, statement) -> policies.add(new Policy(statement.text(), id)));
        return new com.cedarpolicy.model.policy.PolicySet(policies);
    }

    private static PolicyProblem problem(Statement statement, DetailedError error) {
        var help = error.help.map(it -> "; " + it).orElse("");
        // Cedar counts bytes of UTF-8 from the policy's beginning.
        int bytes = error.sourceLocations.isEmpty() ? 0 : (int) error.sourceLocations.getFirst().start;
        var before = statement.text().getBytes(StandardCharsets.UTF_8);
        int chars = new String(before, 0, Math.min(bytes, before.length), StandardCharsets.UTF_8).length();
        return statement.problem(statement.at() + chars, sentence(error.message) + help);
    }

    /// Without Cedar's own name for the policy, which the user never gave it.
    private static String sentence(String message) {
        return message.replaceFirst("^for policy `[^`]*`, ", "");
    }
}
