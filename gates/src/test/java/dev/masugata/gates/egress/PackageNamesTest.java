package dev.masugata.gates.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.masugata.checkpoint.RegistryExit;
import dev.masugata.model.Action;
import dev.masugata.model.HttpBody;
import dev.masugata.model.HttpUrl;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackageNamesTest {
    private Instant now = Instant.parse("2026-06-01T00:00:00Z");
    private final Map<String, String> said = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final PackageNames names = new PackageNames(
            List.of(
                    new PackageShapes("npm", List.of("https://npm.example"), "https://npm.example/{name}"),
                    new PackageShapes("python", List.of("https://py.example"), "https://py.example/pypi/{name}/json"),
                    new PackageShapes("crates", List.of("https://cr.example"),
                            "https://cr.example/api/v1/crates/{name}")),
            () -> now);

    PackageNamesTest() {
        names.by(url -> {
            asked.add(url.text());
            var body = said.get(url.text());
            if ("gone".equals(body)) return Optional.empty();
            return Optional.of(body == null
                    ? new RegistryExit.Answer(404, new byte[0])
                    : new RegistryExit.Answer(200, body.getBytes(StandardCharsets.UTF_8)));
        });
    }

    private List<String> findings(String url) {
        var it = HttpUrl.of(url).orElseThrow();
        names.prepare(it, "GET");
        return names.inspect(new Action.HttpRequest(it, "GET", List.of(), HttpBody.NONE)).findings().stream()
                .map(finding -> finding.rule().replace("package/", "")).toList();
    }

    private void npm(String name, String created, String... versions) {
        var all = new StringBuilder();
        for (var version : versions) all.append(all.isEmpty() ? "" : ",").append('"').append(version).append("\":{}");
        said.put("https://npm.example/" + name.replace("/", "%2f"),
                "{\"time\":{\"created\":\"" + created + "\"},\"versions\":{" + all + "}}");
    }

    /// What brings code, and what only reads.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock =
            """
            https://npm.example/left/-/left-1.0.0.tgz                        | left
            https://npm.example/@a/left/-/left-1.0.0.tgz                     | @a/left
            https://npm.example/@a%2fleft/-/left-1.0.0.tgz                   | @a/left
            https://npm.example/left                                         |
            https://npm.example/-/v1/search                                  |
            https://other.example/left/-/left-1.0.0.tgz                      |
            https://py.example/packages/ab/cd/My_Pkg-1.0-py3-none-any.whl    | my-pkg
            https://py.example/packages/ab/cd/my.pkg-1.0.tar.gz              | my-pkg
            https://py.example/packages/a-b-2.0.1-cp311-abi3-linux.whl       | a-b
            https://py.example/simple/my-pkg/                                |
            https://cr.example/crates/serde/serde-1.0.0.crate                | serde
            https://cr.example/api/v1/crates/serde/1.0.0/download            | serde
            https://cr.example/api/v1/crates/serde                           |
            """)
    void namesAreReadFromUrls(String url, String name) {
        var it = HttpUrl.of(url).orElseThrow();
        names.prepare(it, "GET");
        assertEquals(name == null ? 0 : 1, asked.size(), asked.toString());
        if (name != null)
            assertEquals(true, asked.getFirst().contains(name.replace("/", "%2f")), asked.getFirst());
    }

    @Test
    void anOldPackageOfManyVersionsPasses() {
        npm("left", "2019-01-01T00:00:00.000Z", "1.0.0", "1.1.0");
        assertEquals(List.of(), findings("https://npm.example/left/-/left-1.1.0.tgz"));
        assertEquals(List.of(), findings("https://npm.example/left/-/left-1.0.0.tgz"));
        assertEquals(1, asked.size(), "remembered");
        said.put("https://py.example/pypi/my-pkg/json", """
                {"releases": {"1.0": [{"upload_time": "2020-01-01T00:00:00", "upload_time_iso_8601":
                 "2020-01-01T00:00:00.000000Z"}], "1.1": [{"upload_time": "2021-01-01T00:00:00"}]}}""");
        assertEquals(List.of(), findings("https://py.example/p/my_pkg-1.1.tar.gz"));
        said.put("https://cr.example/api/v1/crates/some", """
                {"crate": {"created_at": "2020-01-01T00:00:00.000000+00:00"}, "versions": [{}, {}]}""");
        assertEquals(List.of(), findings("https://cr.example/crates/some/some-1.0.0.crate"));
    }

    @Test
    void whatIsNewOrUnknownOrAloneIsDoubted() {
        npm("fresh", "2026-05-20T00:00:00.000Z", "1.0.0", "1.0.1");
        assertEquals(List.of("new"), findings("https://npm.example/fresh/-/fresh-1.0.1.tgz"));
        npm("alone", "2026-02-01T00:00:00.000Z", "1.0.0");
        assertEquals(List.of("single-version"), findings("https://npm.example/alone/-/alone-1.0.0.tgz"));
        npm("settled", "2015-02-01T00:00:00.000Z", "1.0.0");
        assertEquals(List.of(), findings("https://npm.example/settled/-/settled-1.0.0.tgz"), "its twin is old");
        assertEquals(List.of("unknown"), findings("https://npm.example/invented/-/invented-1.0.0.tgz"));
    }

    @Test
    void whatLooksLikeAWellKnownOneIsDoubtedWhileItIsYoung() {
        npm("expres", "2026-02-01T00:00:00.000Z", "1.0.0", "1.0.1");
        assertEquals(List.of("look-alike"), findings("https://npm.example/expres/-/expres-1.0.1.tgz"));
        npm("express", "2010-02-01T00:00:00.000Z", "4.0.0", "5.0.0");
        assertEquals(List.of(), findings("https://npm.example/express/-/express-5.0.0.tgz"));
        npm("expresso", "2010-02-01T00:00:00.000Z", "1.0.0", "1.0.1");
        assertEquals(List.of(), findings("https://npm.example/expresso/-/expresso-1.0.1.tgz"), "an old neighbour");
        assertEquals(Optional.of("requests"), names.likeness("python", "reqeusts"));
        assertEquals(Optional.of("python-dateutil"), names.likeness("python", "dateutil-python"));
        assertEquals(Optional.of("serde_json"), names.likeness("crates", "serde-json"));
        assertEquals(Optional.of("lodash"), names.likeness("npm", "l0dash"));
        assertEquals(Optional.empty(), names.likeness("npm", "@me/lodahs"));
        assertEquals(Optional.empty(), names.likeness("npm", "vuex"));
    }

    @Test
    void whatCannotBeLookedUpIsDoubtedAndAskedForAgain() {
        said.put("https://npm.example/left", "gone");
        assertEquals(List.of("not-looked-up"), findings("https://npm.example/left/-/left-1.0.0.tgz"));
        npm("left", "2019-01-01T00:00:00.000Z", "1.0.0", "1.1.0");
        assertEquals(List.of(), findings("https://npm.example/left/-/left-1.0.0.tgz"));
        said.put("https://npm.example/odd", "[]");
        assertEquals(List.of("not-looked-up"), findings("https://npm.example/odd/-/odd-1.0.0.tgz"));
    }
}
