package dev.masugata.gates.mcp;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whether a tool's arguments are what its schema (JSON Schema 2020-12) takes, within bounds and without the network.
final class Arguments {
    /// Evaluation steps and depth of one validation.
    static final long STEPS_MAX = 100_000;

    static final int DEPTH_MAX = 128;

    private static final JsonMapper MAPPER = new JsonMapper();
    private final Schema schema;
    private final Json.Obj tree;

    /// @throws IllegalArgumentException when the schema cannot be used
    Arguments(Json.Obj inputSchema) {
        this.tree = inputSchema;
        try {
            this.schema = REGISTRY.getSchema(node(inputSchema));
            this.schema.initializeValidators();
        } catch (RuntimeException | StackOverflowError unusable) {
            throw new IllegalArgumentException("the tool's schema cannot be used: " + firstLine(unusable), unusable);
        }
    }

    // No loader fetches anything: a `$ref` to another document is an error when the schema is read.
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaCacheEnabled(false)
                    .schemaLoader(loader -> loader.fetchRemoteResources(false).block(iri -> !isStandard(iri.toString())))
                    .schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .regularExpressionFactory(new BoundedRegex())
                            .build()));

    /// The dialects themselves come with the library.
    private static boolean isStandard(String iri) {
        return iri.startsWith("https://json-schema.org/") || iri.startsWith("http://json-schema.org/");
    }

    /// What is wrong with the arguments: where, and what was expected. Empty when nothing is.
    Optional<String> wrong(Json.Obj arguments) {
        var undeclared = Declared.undeclared(tree, arguments);
        if (undeclared.isPresent()) return undeclared;
        try {
            var errors = schema.validate(node(arguments), context -> context.executionConfig(bounds -> bounds.failFast(true).maxEvaluationSteps(STEPS_MAX).maxEvaluationDepth(DEPTH_MAX)));
            return errors.stream().findFirst().map(error -> error.getInstanceLocation() + ": " + error.getMessage());
        } catch (BoundedRegex.Unbounded | com.networknt.schema.ValidationLimitExceededException tooMuch) {
            return Optional.of("cannot be validated within the limits: " + firstLine(tooMuch));
        } catch (com.networknt.schema.FailFastAssertionException first) {
            return Optional.of(firstLine(first));
        } catch (RuntimeException | StackOverflowError unusable) {
            // What the schema refers to is looked for only now, and it may refer to itself.
            return Optional.of("cannot be validated: " + firstLine(unusable));
        }
    }

    private static JsonNode node(Json.Obj value) {
        return MAPPER.readTree(JsonWriter.bytes(value));
    }

    private static String firstLine(Throwable problem) {
        var text = String.valueOf(problem.getMessage());
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
