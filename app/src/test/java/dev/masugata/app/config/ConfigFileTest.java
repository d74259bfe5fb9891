package dev.masugata.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.masugata.app.config.ConfigProblem.Invalid;
import dev.masugata.checkpoint.RateLimits.Rate;
import dev.masugata.credentials.Credential;
import dev.masugata.credentials.Lending;
import dev.masugata.credentials.Oauth;
import dev.masugata.credentials.Source;
import dev.masugata.inspect.guard.GuardFiles;
import dev.masugata.model.Channel;
import dev.masugata.model.Severity;
import dev.masugata.model.ToolClass;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;

/// What the configuration accepts, and where it says what is wrong; the published schema agrees where it can.
class ConfigFileTest {
    private static final Schema SCHEMA = schema();

    private static final String ALL =
            """
            listen: {gates: "127.0.0.1:7171", proxy: "127.0.0.1:7172", people: "[::1]:7173"}
            egress:
              preset: common
              authorities: company.pem
              allow:
                - docs.example.com
                - docs.example.com:8443
                - {host: github.com, only: read}
                - {host: github.com, tenant: our-org/our-repo}
                - {host: "*.example.org", port: 443, methods: [GET, HEAD]}
                - {host: build.internal, private: true}
            agents:
              - {id: coder, user: alice, groups: [dev, "2"], token: env:CODER_TOKEN}
              - {id: Reader.2, user: 7, token: file:secrets/reader}
            users:
              - {id: alice, groups: [dev, hr]}
              - {id: 7}
            credentials:
              kb-hr: {value: file:secrets/hr, at: "https://kb.example.com"}
              tokens:
                at: "https://kb.example.com"
                oauth:
                  issuer: https://as.example.com
                  flow: client-credentials
                  client: {id: gate, secret: env:KB_SECRET}
                  scopes: [kb:read]
              published: {at: "https://kb.example.com", oauth: {metadata: "https://example.com/client.json"}}
              kb-dev: {value: env:KB_DEV, at: "https://kb.example.com", header: "X-Key: {}"}
              api: {value: "vault:api", at: "https://api.example.com", methods: [GET, POST], paths: [/v1]}
              build: {value: "exec:pass show build", at: "https://build.example.com",
                      header: "Authorization: Basic ci:{}"}
              ring: {value: "keyring:ring", at: "https://ring.example.com"}
            mcp:
              servers:
                files:
                  command: [mcp-server-filesystem, "{workspace}", 3]
                  dir: workspace
                  read: [../shared]
                  env: {LEVEL: 3, NAME: x}
                  tools: {read_file: read, write_file: write}
                  labels: [secret, personal]
                  content: { get_time: [], "read_mail /structuredContent/*/sender": [personal] }
                  pin: approve
                  trust: annotations
                  timeout: 1h
                kb:
                  url: https://kb.example.com/mcp
                  credential: {hr: kb-hr, dev: kb-dev}
                kb-of-all:
                  url: https://kb.example.com/mcp
                  credential: kb-hr
            policy: policies
            approvals: {wait: 10s, expire: 2h}
            ledger: {url: "sqlite:ledger.db", record: redacted, anchors: [], retention: 30d}
            limits: {caller: 20/s, tool: 600/m, address: 1000/h}
            telemetry: {otlp: "http://127.0.0.1:4318"}
            inspect:
              guard:
                runtime: policies/here
                model: policies/here
                tokenizer: policies/here
                label: INJECTION
                window: 256
                stride: 100
                threshold: 0.75
                channels: [tool-result, memory]
                severity: medium
                timeout: 500ms
            """;

    @TempDir
    Path directory;

    @Test
    void readsEverythingThatTheContractHas() throws Exception {
        var here = Files.createFile(Files.createDirectory(directory.resolve("policies")).resolve("here"));
        var config = read(ALL);
        assertEquals(7171, config.gates().getPort());
        assertEquals("[::1]", config.people().getHostString());
        assertEquals(List.of("coder", "Reader.2"), config.agents().stream().map(Config.AgentEntry::id).toList());
        assertEquals(Set.of("dev", "2"), config.agents().getFirst().groups());
        assertEquals(
                Optional.of(new Config.Secret.InFile(directory.resolve("secrets/reader"))),
                config.agents().getLast().token());
        var files = config.servers().get("files");
        assertEquals(List.of("mcp-server-filesystem", "{workspace}", "3"), files.command());
        assertEquals(Map.of("LEVEL", "3", "NAME", "x"), files.env());
        assertEquals(Map.of("read_file", ToolClass.READ, "write_file", ToolClass.WRITE), files.tools());
        assertEquals(Set.of("secret", "personal"), files.labels().of("files/read_file", "/content/0/text"));
        assertEquals(Set.of(), files.labels().of("files/get_time", "/content/0/text"));
        assertEquals(Set.of("personal"), files.labels().of("files/read_mail", "/structuredContent/3/sender/name"));
        var subject = files.labels().of("files/read_mail", "/structuredContent/3/subject");
        assertEquals(Set.of("secret", "personal"), subject);
        assertEquals(Duration.ofHours(1), files.timeout());
        assertEquals(List.of(directory.resolve("policies")), config.policies());
        assertEquals(Duration.ofSeconds(10), config.holdWait());
        assertEquals(new Rate(20, 40), config.rates().get("caller"));
        assertEquals(new Rate(10, 600), config.rates().get("tool"));
        assertEquals(Optional.of("http://127.0.0.1:4318"), config.otlp());
        assertEquals(7172, config.proxy().getPort());
        assertEquals(Optional.of(directory.resolve("company.pem")), config.authorities());
        var hosts = config.hosts().stream().map(it -> it.text()).toList();
        assertTrue(hosts.contains("crates.io (read)"), hosts.toString());
        assertEquals(
                List.of("docs.example.com", "docs.example.com:8443", "github.com (read)", "github.com/our-org/our-repo",
                        "*.example.org:443", "build.internal"),
                hosts.subList(hosts.size() - 6, hosts.size()));
        assertTrue(config.hosts().getLast().reachesPrivate());
        var credentials = config.credentials();
        assertEquals(
                new Lending.ByGroup(Map.of("hr", credentials.get("kb-hr"), "dev", credentials.get("kb-dev"))),
                config.servers().get("kb").lending());
        assertEquals(
                new Lending.Everybodys(credentials.get("kb-hr")), config.servers().get("kb-of-all").lending());
        var api = (Credential.Value) credentials.get("api");
        assertTrue(api.goesWith("GET", "/v1/x") && api.goesWith("POST", "/v1"));
        assertFalse(api.goesWith("PUT", "/v1/x") || api.goesWith("GET", "/v10") || api.goesWith("GET", "/"));
        var tokens = new Oauth(
                new Oauth.Client.Registered("gate", Optional.of(new Source.InEnvironment("KB_SECRET"))),
                Optional.of("https://as.example.com"), List.of("kb:read"), Oauth.Flow.CLIENT_CREDENTIALS);
        assertEquals(new Credential.Token("tokens", tokens, "https://kb.example.com"), credentials.get("tokens"));
        var published = new Oauth(
                new Oauth.Client.Published("https://example.com/client.json"), Optional.empty(), List.of(),
                        Oauth.Flow.CODE);
        assertEquals(new Credential.Token("published", published, "https://kb.example.com"),
                credentials.get("published"));
        assertEquals(new Users(Map.of("alice", Set.of("dev", "hr"), "7", Set.of())), config.users());
        var guard = config.guard().orElseThrow();
        assertEquals(new GuardFiles(here, here, here, "INJECTION", 256, 100), guard.files());
        assertEquals(OptionalDouble.of(0.75), guard.threshold());
        assertEquals(Set.of(Channel.TOOL_RESULT, Channel.MEMORY), guard.channels());
        assertEquals(Severity.MEDIUM, guard.severity());
        assertEquals(Duration.ofMillis(500), guard.timeout());
        assertTrue(schemaAccepts(ALL), () -> SCHEMA.validate(json(ALL), InputFormat.JSON).toString());
    }

    @Test
    void readsTheExample() throws Exception {
        var example = Path.of("../examples/first.yaml");
        assertEquals(Set.of("files", "everything"), ConfigFile.read(example).servers().keySet());
        assertTrue(schemaAccepts(Files.readString(example)));
        var departments = Path.of("../examples/departments.yaml");
        assertEquals(Set.of("kb", "wiki", "tickets"), ConfigFile.read(departments).servers().keySet());
        assertTrue(schemaAccepts(Files.readString(departments)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "policy: .", "listen: {people: 'localhost:0'}", "listen: {gates: '127.0.0.1:65535'}",
        "agents: []", "agents: [{id: a, user: b}, {id: b, user: b}]", "ledger: {retention: 60m}",
        "mcp: {servers: {s: {command: [npx-like]}}}", "mcp: {servers: {s: {command: [uvx, 'a==1.2.3']}}}",
        "mcp: {servers: {s: {command: [npx, -y, '@a/b@1.2.3', x]}}}",
        "prices: [{host: a.example, path: '/v1/*', methods: [POST], price: 0.01 USD}]",
        "prices: [{host: a.example, at_most: 1 USD, settle: {json: /usage/cost}}]",
        "budgets: [{agent: a, per: day, limit: 5.00 USD, hold_above: 1 USD}, {session: true, per: total, limit: 1USD}]",
        "credentials: {a: {at: 'https://s3.example', aws: {key: env:K, secret: env:S, region: r-1, service: s3}}}",
        "credentials: {a: {at: 'https://a.example', hmac: {key: env:K, header: 'X-S: {}', timestamp: X-T}}}",
        "credentials: {a: {at: 'https://a.example', value: env:K, query: key, paths: [/v1]}}",
        "identity: [{issuer: 'https://id.example/realms/a', audience: m, agent: coder, user: email, groups: roles}]",
        "mcp: {servers: {s: {command: [run], allow: [docs.example.com, {host: a.example, port: 8443}]}}}",
        "mcp: {servers: {s: {command: [run, '{workspace}'], dir: ., host: true}}}",
        "mcp: {registries: {npm: 'https://npm.example/', files: ['https://files.example']}}",
        "mcp: {servers: {s: {command: [run, npx]}}}",
        "mcp: {servers: {s: {command: &c [run], read: [x], labels: []}}}", "limits: {tool: 0000001/h}",
    })
    void acceptsWhatIsRight(String text) throws Exception {
        read(text);
        assertTrue(schemaAccepts(text));
    }

    @Test
    void aGuardNeedsItsFilesAndNothingElse() throws Exception {
        Files.createFile(directory.resolve("f"));
        var file = directory.resolve("f");
        var least = "inspect: {guard: {runtime: f, model: f, tokenizer: f}}";
        var guard = read(least).guard().orElseThrow();
        assertEquals(new GuardFiles(file, file, file, "1", 512, 256), guard.files());
        assertEquals(OptionalDouble.empty(), guard.threshold(), "calibrated");
        assertEquals(Set.of(Channel.TOOL_RESULT), guard.channels());
        assertEquals(Severity.HIGH, guard.severity());
        assertEquals(Duration.ofSeconds(1), guard.timeout());
        assertTrue(schemaAccepts(least));
        var calibrated = least.replace("runtime", "label: 0, threshold: calibrated, runtime");
        assertEquals(OptionalDouble.empty(), read(calibrated).guard().orElseThrow().threshold());
        assertTrue(schemaAccepts(calibrated));
        assertEquals(Optional.empty(), read("inspect: {}").guard());
    }

    /// As a guard whose files are there: line 2 is what differs.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock =
            """
            2:12 | did you mean `threshold`?                | , treshold: 0.5
            2:20 | must be 8 to 8192                        | , window: 7
            2:20 | must be 8 to 8192                        | , window: 8193
            2:20 | must be 8 to 8192                        | , window: many
            2:20 | must be 1 to 512                         | , stride: 0
            2:23 | `calibrated`, or more than 0             | , threshold: 1
            2:23 | `calibrated`, or more than 0             | , threshold: 0.0
            2:23 | `calibrated`, or more than 0             | , threshold: high
            2:22 | `pages` is no channel; there is user     | , channels: [pages]
            2:22 | needs at least one channel               | , channels: []
            2:22 | info, low, medium, high, critical        | , severity: bad
            2:21 | must be a time such as                   | , timeout: 1
            2:19 | a class's number or its name             | , label: ' '
            """)
    void saysWhatIsWrongWithAGuard(String place, String message, String text) throws IOException {
        Files.createFile(directory.resolve("f"));
        var yaml = "inspect: {guard: {runtime: f, model: f, tokenizer: f\n         " + text + "}}";
        refused(yaml, place, message);
        assertFalse(schemaAccepts(yaml));
    }

    @Test
    void anEmptyFileHoldsTheDefaults() throws Exception {
        assertEquals(ConfigFile.defaults(), read("# nothing yet\n"));
    }

    /// Line and column, a part of the message, and the text in which ` / ` ends a line. The schema refuses these too.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock =
            """
            1:1  | did you mean `policy`?                   | polcy: x
            2:3  | did you mean `expire`?                   | approvals: /   expir: 5s
            1:1  | known here: agents, approvals            | completely-other: 1
            1:29 | did you mean `command`?                  | mcp: {servers: {s: {dir: ., comand: [x]}}}
            1:9  | `agents` must be a list                  | agents: {id: x}
            1:6  | `mcp` to have names with values          | mcp: [x]
            1:9  | `policy` must be text                    | policy: [x]
            2:16 | must be a list of plain text             | agents: /   - {groups: [ [x] ], id: a, user: b}
            1:30 | must be a list: [one, two]               | mcp: {servers: {s: {command: run}}}
            1:20 | needs a `command`                        | mcp: {servers: {s: {}}}
            1:30 | is not one version of a package          | mcp: {servers: {s: {command: [npx, -y, some-server]}}}
            1:30 | is not one version of a package          | mcp: {servers: {s: {command: [npx, '@a/b@latest']}}}
            1:30 | is not one version of a package          | mcp: {servers: {s: {command: [npx, '@a/b@^1.2.3']}}}
            1:30 | is not one version of a package          | mcp: {servers: {s: {command: [uvx, 'a>=1.2']}}}
            1:30 | must name its package first              | mcp: {servers: {s: {command: [/usr/bin/uvx]}}}
            1:30 | must name its package first | mcp: {servers: {s: {command: [npx, --package, 'a@1.2.3', b]}}}
            1:15 | and not none                             | mcp: {review: 0d}
            1:15 | and not none                             | mcp: {review: soon}
            1:43 | needs `keys`                             | mcp: {servers: {s: {command: [x], signed: {}}}}
            1:50 | write `file:PATH.pem`                    | mcp: {servers: {s: {command: [x], signed: {keys: [x]}}}}
            1:26 | `env:NAME`, `file:PATH`,                | credentials: {c: {value: hunter2, at: 'https://x'}}
            1:18 | one of `value`, `oauth`, `aws` and        | credentials: {c: {at: 'https://x'}}
            1:41 | `aws` needs `region`    | credentials: {c: {at: 'https://x', aws: {key: env:K, secret: env:S}}}
            1:57 | one slot: `header` or | credentials: {c: {at: 'https://x', value: env:K, query: k, header: 'X: {}'}}
            1:18 | needs `at`                               | credentials: {c: {value: 'env:X'}}
            1:8  | a user needs an `id`                     | users: [{groups: [x]}]
            1:20 | a server's name is 1 to 64               | mcp: {servers: {S: {command: [x]}}}
            1:27 | is our own                               | mcp: {servers: {masugata: {command: [x]}}}
            1:43 | `public` is no label                     | mcp: {servers: {s: {command: [x], labels: [public]}}}
            1:46 | read, write, egress | mcp: {servers: {s: {command: [x], tools: {t: unconfirmed}}}}
            1:46 | is no name for a variable                | mcp: {servers: {s: {command: [x], env: {A-B: x}}}}
            1:40 | `approve` or `first-use`                 | mcp: {servers: {s: {command: [x], pin: never}}}
            1:16 | must be a rate such as `200/s`           | limits: {tool: 5 per second}
            1:16 | must be a rate such as `200/s`           | limits: {tool: 0/s}
            1:16 | must be a rate such as `200/s`           | limits: {tool: 12345678/s}
            1:19 | must be a time such as `45s`             | approvals: {wait: 45}
            1:19 | must be a time such as `45s`             | approvals: {wait: 1w}
            1:1  | needs `audience`                         | identity: [{issuer: 'https://id.example', agent: a}]
            1:21 | the `https` URL of an identity provider | identity: [{issuer: 'http://x', audience: m, agent: a}]
            1:61 | the id of the agent | identity: [{issuer: 'https://x.exampl', audience: m, agent: masugata-a}]
            1:29 | reaches no network                 | mcp: {servers: {s: {shared: true, command: [x], allow: [a.b]}}}
            1:27 | needs a `url`                            | llm: {providers: {openai: {}}}
            1:33 | must be an address such as               | llm: {providers: {openai: {url: 'x'}}}
            1:1  | a model needs `model`                    | llm: {providers: {a: {url: 'https://a.b', models: [{}]}}}
            1:9  | `egress` to have names                  | egress: []
            1:18 | is no host                               | egress: {allow: ['ex ample.com']}
            1:45 | a tenant is one or more names            | egress: {allow: [{host: github.com, tenant: '../b'}]}
            1:42 | must be a port                           | egress: {allow: [{host: a.example, port: 70000}]}
            1:45 | is no method                             | egress: {allow: [{host: a.example, methods: [STEAL]}]}
            1:42 | must be `read`                           | egress: {allow: [{host: a.example, only: write}]}
            1:18 | must be `none`, `common` or `all`        | egress: {preset: some}
            1:19 | an amount such as                        | budgets: [{limit: 5, per: day}]
            1:31 | `call`, `hour`, `day`, `month` or        | budgets: [{limit: 5 USD, per: week}]
            1:1  | a budget needs a `limit`                 | budgets: [{per: day}]
            1:1  | a budget needs `per`                     | budgets: [{limit: 5 USD}]
            1:43 | `model:PROVIDER/MODEL`                   | budgets: [{limit: 5 USD, per: day, scope: models}]
            1:1  | a price is `price: AMOUNT`, or           | prices: [{host: a.example}]
            1:1  | a price is of requests to a `host`, or   | prices: [{price: 1 USD}]
            1:31 | `at_most` needs `settle:                 | prices: [{host: a.b, at_most: 1 USD}]
            1:17 | only loopback                            | listen: {proxy: '192.0.2.1:7172'}
            1:17 | only loopback addresses                  | listen: {gates: '0.0.0.0:7171'}
            1:17 | only loopback addresses                  | listen: {gates: 'localhost.example:7171'}
            1:17 | an address and a port                    | listen: {gates: '127.0.0.1:65536'}
            1:17 | an address and a port                    | listen: {gates: '7171'}
            1:34 | values stand outside                     | agents: [{id: a, user: b, token: hunter2}]
            1:15 | needs a `user`                           | agents: [{id: a}]
            1:15 | must be 1 to 64 letters                  | agents: [{id: a b, user: b}]
            1:15 | are our own                              | agents: [{id: masugata-x, user: b}]
            1:15 | another store is not built yet           | ledger: {url: 'postgres://x'}
            1:19 | anchoring is not built yet               | ledger: {anchors: [x]}
            1:19 | an address such as                       | telemetry: {otlp: 'file:///x'}
            1:11 | did you mean `guard`?                    | inspect: {gard: {}}
            1:18 | needs a `model`: an ONNX file            | inspect: {guard: {runtime: x, tokenizer: x}}
            1:18 | needs a `tokenizer`                      | inspect: {guard: {runtime: x, model: x}}
            1:18 | needs a `runtime`                        | inspect: {guard: {model: x, tokenizer: x}}
            """)
    void saysWhatIsWrongAndWhere(String place, String message, String text) throws IOException {
        var yaml = text.replace(" / ", "\n");
        refused(yaml, place, message);
        assertFalse(schemaAccepts(yaml));
    }

    /// What names something else, no schema follows.
    @Test
    void aProviderNamesWhatThereIs() throws IOException {
        var begin = "llm: {providers: {a: {url: 'https://a.b', ";
        refused(begin + "credential: k}}}", "1:55", "there is no `credentials.k`");
        refused(begin + "allow: [web]}}}", "1:50", "is nothing that such a provider does");
        refused(begin + "instead: [b]}}}", "1:22", "which is no other provider");
        refused(begin + "instead: [g]}, g: {url: 'https://g.b', format: gemini}}}", "1:22", "has another format");
    }

    /// Neither does a schema say what a command's words mean.
    @Test
    void whatSharesOrReachesTheNetworkWorksOnNoCopy() throws IOException {
        var workspace = "command: [x, '{workspace}']}}}";
        refused("mcp: {servers: {s: {shared: true, " + workspace, "1:29", "share works on the copy of none");
        refused("mcp: {servers: {s: {allow: [a.example], " + workspace, "1:28", "does not work on a session's copy");
        refused("mcp: {servers: {s: {host: true, " + workspace, "1:27", "needs `dir`: which");
    }

    /// What the catalog knows of hosts, no schema says.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock =
            """
            is shared by strangers: say `only: read`, or whose it is | egress: {allow: [github.com]}
            is shared by strangers: say `only: read`                 | egress: {allow: [pastebin.com]}
            is shared by strangers: say `only: read`                 | egress: {allow: [{host: x.s3.amazonaws.com}]}
            nothing is known of how its URLs name a tenant | egress: {allow: [{host: docs.example.com, tenant: a/b}]}
            """)
    void aSharedHostSaysWhose(String message, String text) throws IOException {
        refused(text, "1:18", message);
    }

    /// Of one credential, what cannot be a client of an authorization server.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock =
            """
            needs one of `value`, `oauth`, `aws` and | {at: 'https://x'}
            needs one of `value`, `oauth`, `aws` and | {at: 'https://x', value: 'env:X', oauth: {client: {id: a}}}
            needs `client: {id: ...}` or           | {at: 'https://x', oauth: {flow: code}}
            needs `client: {id: ...}` or           | {at: 'https://x', oauth: {client: {id: a}, metadata: x}}
            `client` needs an `id`                 | {at: 'https://x', oauth: {client: {secret: 'env:X'}}}
            needs `client` with a `secret`    | {at: 'https://x', oauth: {flow: client-credentials, client: {id: a}}}
            needs `issuer`                         | {at: 'https://x', oauth: {client: {id: a, secret: 'env:X'}}}
            must be `code` or `client-credentials` | {at: 'https://x', oauth: {client: {id: a}, flow: password}}
            the URL of an authorization server     | {at: 'https://x', oauth: {client: {id: a}, issuer: 'ftp://x'}}
            client id metadata document            | {at: 'https://x', oauth: {metadata: 'http://x/y'}}
            client id metadata document            | {at: 'https://x', oauth: {metadata: 'https://x'}}
            values stand outside                   | {at: 'https://x', oauth: {client: {id: a, secret: hunter2}}}
            is no scope                            | {at: 'https://x', oauth: {client: {id: a}, scopes: ['a b']}}
            unknown `credentials.c.header`         | {at: 'https://x', header: 'X: {}', oauth: {client: {id: a}}}
            """)
    void saysWhatIsWrongWithAClient(String message, String credential) throws IOException {
        refused("credentials: {c: " + credential + "}", "", message);
    }

    /// What a schema cannot say.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock =
            """
            1:9  | there is no `                            | policy: missing.cedar
            2:1  | `policy` stands here twice               | policy: . /policy: .
            1:35 | `approvals.wait` stands here             | approvals: {expire: 5s, wait: 5s, wait: 5s}
            1:33 | another agent has the id `a`             | agents: [{id: a, user: b}, {id: a, user: c}]
            1:44 | may be 1h at most                        | mcp: {servers: {s: {command: [x], timeout: 61m}}}
            1:21 | must be 1h at least                      | ledger: {retention: 0d}
            1:21 | must be 1h at least                      | ledger: {retention: 59m}
            1:9  | must be a path                           | policy: "\\0"
            1:28 | get it: mvn dependency:copy | inspect: {guard: {runtime: x.jar, model: x, tokenizer: x}}
            1:38 | guard.model`: there is no file | inspect: {guard: {runtime: x, model: x, tokenizer: x}}
            1:64 | 10s at most | inspect: {guard: {runtime: x, model: x, tokenizer: x, timeout: 11s}}
            1:64 | more than 0 | inspect: {guard: {runtime: x, model: x, tokenizer: x, timeout: 0s}}
            1:75 | must be 1 to 16 | inspect: {guard: {runtime: x, model: x, tokenizer: x, window: 16, stride: 17}}
            1:50 | there is no file | mcp: {servers: {s: {command: [x], signed: {keys: ['file:no.pem']}}}}
            1:50 | one `PUBLIC KEY` in PEM | mcp: {servers: {s: {command: [x], signed: {keys: ['file:masugata.yaml']}}}}
            1:47 | fills a slot of requests to a `url`      | mcp: {servers: {s: {command: [x], credential: c}}}
            1:51 | there is no `credentials.c`              | mcp: {servers: {s: {url: 'https://x', credential: c}}}
            1:55 | there is no `credentials.c`       | mcp: {servers: {s: {url: 'https://x', credential: {g: c}}}}
            1:32 | another user has the id `a`              | users: [{id: b}, {id: a}, {id: a}]
            1:10 | this is not YAML                         | policy: [
            """)
    void saysWhatOnlyReadingShows(String place, String message, String text) throws IOException {
        refused(text.replace(" /", "\n"), place, message);
    }

    @Test
    void readsTheKeysThatSignDefinitions() throws Exception {
        var pairs = List.of(KeyPairGenerator.getInstance("Ed25519"), KeyPairGenerator.getInstance("EC"));
        pairs.getLast().initialize(new ECGenParameterSpec("secp256r1"));
        var keys = pairs.stream().map(it -> it.generateKeyPair().getPublic()).toList();
        pem("a.pem", keys.getFirst());
        pem("b.pem", keys.getLast());
        var text = "mcp: {review: 90d, servers: {s: {command: [x], signed: {keys: ['file:a.pem', 'file:b.pem']}}}}";
        var config = read(text);
        assertEquals(keys, config.servers().get("s").signed());
        assertEquals(Optional.of(Duration.ofDays(90)), config.review());
        assertTrue(schemaAccepts(text));
        assertEquals(Optional.empty(), ConfigFile.defaults().review());
        pem("rsa.pem", KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic());
        refused(text.replace("b.pem", "rsa.pem"), "1:63", "only Ed25519 and P-256 keys are");
        Files.writeString(directory.resolve("b.pem"), " ".repeat(KeySection.KEY_BYTES_MAX + 1));
        refused(text, "1:63", "it is larger than " + KeySection.KEY_BYTES_MAX + " bytes");
        var many = String.join(", ", java.util.Collections.nCopies(KeySection.KEYS_MAX + 1, "'file:a.pem'"));
        refused("mcp: {servers: {s: {command: [x], signed: {keys: [" + many + "]}}}}", "1:43",
                KeySection.KEYS_MAX + " at most");
    }

    private void pem(String file, PublicKey key) throws IOException {
        var body = java.util.Base64.getMimeEncoder().encodeToString(key.getEncoded());
        Files.writeString(directory.resolve(file),
                "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n");
    }

    /// What a starting gate finds on this machine; whoever only reads the file does not ask.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock =
            """
            1:41 | whole machine                            | mcp: {servers: {s: {command: [x], read: [/]}}}
            1:41 | lies in `/proc`                          | mcp: {servers: {s: {command: [x], read: [/a, /proc/sys]}}}
            1:40 | it is `                                  | mcp: {servers: {s: {command: [x], dir: home}}}
            1:40 | it contains `                            | mcp: {servers: {s: {command: [x], dir: .}}}
            1:40 | lies inside `                            | mcp: {servers: {s: {command: [x], dir: home/sub}}}
            1:40 | nor one in which it could be made        | mcp: {servers: {s: {command: [x], dir: no/such}}}
            1:30 | under `serve` give it a `dir`            | mcp: {servers: {s: {command: [x, '{workspace}/y']}}}
            1:34 | its token file                           | agents: [{id: a, user: b, token: 'file:missing'}]
            1:34 | the variable `NOT_SET_ANYWHERE`          | agents: [{id: a, user: b, token: 'env:NOT_SET_ANYWHERE'}]
            """)
    void saysWhatCannotBeHere(String place, String message, String text) throws Exception {
        Files.createDirectories(directory.resolve("home/sub"));
        read(text);
        refused(text, place, message, file -> ConfigFile.read(file, serving()));
    }

    @Test
    void whatCanBeHereIsTaken() throws Exception {
        Files.createDirectories(directory.resolve("home"));
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("token"), "x");
        var file = directory.resolve("masugata.yaml");
        Files.writeString(file, """
                mcp: {servers: {s: {command: [x, '{workspace}'], dir: data/new, read: [data, /usr/share, later/on]}}}
                agents: [{id: a, user: b, token: 'file:token'}]
                """);
        ConfigFile.read(file, serving());
        // A run brings its workspace.
        Files.writeString(file, "mcp: {servers: {s: {command: [x, '{workspace}']}}}");
        ConfigFile.read(file, new ConfigFile.Start(serving().hidden(), false));
    }

    private ConfigFile.Start serving() {
        return new ConfigFile.Start(List.of(directory.resolve("home")), true);
    }

    private interface Reading {
        void of(Path file) throws Invalid;
    }

    @Test
    void everyMistakeIsSaidAtOnce() throws IOException {
        var said = refused("polcy: x\nlimits: {tool: fast}\nllm: {x: 1}\n", "1:1", "did you mean `policy`?");
        assertEquals(Set.of(1, 2, 3), said.problems().stream().map(ConfigProblem::line).collect(Collectors.toSet()));
    }

    @Test
    void refusesAliasesThatMultiply() throws IOException {
        var bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 30; i++) bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        refused(bomb.toString(), "", "this is not YAML");
    }

    @Test
    void refusesWhatIsNestedWithoutEnd() throws IOException {
        refused("policy: " + "[".repeat(500_000), "1:72", "may be nested 64 deep");
    }

    @Test
    void refusesAFileOfTwoMebibytes() throws IOException {
        refused("#".repeat(2 * 1024 * 1024), "1:1", "a configuration may have 1048576 bytes");
    }

    @Test
    void aFileOfJustTheLimitIsRead() throws Exception {
        var policy = "policy: .\n";
        read(policy + "#".repeat((int) Yaml.BYTES_MAX - policy.length()));
    }

    private Config read(String text) throws IOException, Invalid {
        return ConfigFile.read(Files.writeString(directory.resolve("masugata.yaml"), text));
    }

    private Invalid refused(String text, String place, String message) throws IOException {
        return refused(text, place, message, ConfigFile::read);
    }

    private Invalid refused(String text, String place, String message, Reading reading) throws IOException {
        var file = Files.writeString(directory.resolve("masugata.yaml"), text);
        var invalid = assertThrows(Invalid.class, () -> reading.of(file));
        var start = directory.resolve("masugata.yaml") + ":" + place;
        assertTrue(
                invalid.problems().stream()
                        .map(ConfigProblem::toString)
                        .anyMatch(it -> it.startsWith(place.isEmpty() ? start : start + ": ") && it.contains(message)),
                () -> "wanted " + place + " " + message + " in: " + invalid.getMessage());
        return invalid;
    }

    private static boolean schemaAccepts(String yaml) {
        return SCHEMA.validate(json(yaml), InputFormat.JSON).isEmpty();
    }

    private static String json(String yaml) {
        return JsonMapper.shared().writeValueAsString(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }

    private static Schema schema() {
        try (var in = ConfigFile.class.getResourceAsStream("masugata.schema.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
