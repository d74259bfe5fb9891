package dev.masugata.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.credentials.Signer.Outgoing;
import dev.masugata.net.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignerTest {
    private static final Instant NOW = Instant.parse("2015-08-30T12:36:00Z");

    private static Source source(String value) {
        return new Source.Told("test", () -> value);
    }

    private static Outgoing request(String method, String authority, String path, String query) {
        return new Outgoing(method, authority, path, query, Headers.EMPTY, new byte[0]);
    }

    /// The key, the time and the signatures that AWS publishes with its test suite for Signature Version 4.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock =
            """
            GET  | '' | 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
            GET  | Param2=value2&Param1=value1 | b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500
            POST | '' | 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b
            """)
    void signsAsPublished(String method, String query, String signature) throws IOException {
        var signer = new Signer.Aws(
                source("AKIDEXAMPLE"), source("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), Optional.empty(),
                "us-east-1",
                "service");
        var signed = signer.sign(request(method, "example.amazonaws.com", "/", query), NOW);
        assertEquals(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                        + " SignedHeaders=host;x-amz-date, Signature=" + signature,
                signed.headers().one("authorization").orElse(""));
        assertEquals("20150830T123600Z", signed.headers().one("x-amz-date").orElse(""));
        assertEquals(query, signed.query());
    }

    /// What a caller had put into its place is gone, whatever it was; the rest stays, and is signed.
    @Test
    void theCallersOwnSignatureIsReplaced() throws IOException {
        var signer = new Signer.Aws(
                source("AKID"), source("secret"), Optional.of(source("session-token")), "eu-west-1", "s3");
        var headers = Headers.of("authorization", "AWS4-HMAC-SHA256 Credential=other", "x-amz-date", "20000101T000000Z",
                "x-amz-acl", "private", "content-type", "text/plain");
        var signed = signer.sign(
                new Outgoing("PUT", "bucket.example", "/a%20b", "", headers, "body".getBytes(StandardCharsets.UTF_8)),
                NOW);
        var authorization = signed.headers().one("authorization").orElse("");
        assertTrue(authorization.contains("SignedHeaders=content-type;host;x-amz-acl;x-amz-content-sha256;x-amz-date;"
                + "x-amz-security-token,"), authorization);
        assertFalse(authorization.contains("other"), authorization);
        assertEquals("230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5",
                signed.headers().one("x-amz-content-sha256").orElse(""));
        assertTrue(signed.secrets().contains("session-token"));
    }

    /// RFC 4231, test case 2: the key `Jefe` over `what do ya want for nothing?`.
    @Test
    void digestsAsPublished() throws IOException {
        var body = "what do ya want for nothing?".getBytes(StandardCharsets.UTF_8);
        var request = new Outgoing("POST", "api.example", "/a", "b=c", Headers.EMPTY, body);
        var short_ = new Signer.Hmac(source("Jefe"), false, "X-Signature", "v1={}", false, "{body}", Optional.empty());
        assertEquals("v1=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                short_.sign(request, NOW).headers().one("x-signature").orElse(""));
        var long_ = new Signer.Hmac(source("Jefe"), true, "X-Signature", "{}", false, "{body}", Optional.empty());
        assertEquals(
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdca"
                        + "eab1a34d4a6b4b636e070a38bce737",
                long_.sign(request, NOW).headers().one("x-signature").orElse(""));
    }

    /// What stands in a body is never taken for a place of the form.
    @Test
    void aBodySaysNothingOfTheForm() throws IOException {
        var signer = new Signer.Hmac(
                source("k"), false, "X-Signature", "{}", true, "{timestamp}\n{method}\n{path}\n{body}",
                Optional.of("X-Time"));
        var plain = new Outgoing("POST", "api.example", "/a", "b=c", Headers.EMPTY, new byte[0]);
        var tricky = new Outgoing("POST", "api.example", "/a", "b=c", Headers.EMPTY,
                "{method}{body}".getBytes(StandardCharsets.UTF_8));
        var same = new Signer.Hmac(
                source("k"), false, "X-Signature", "{}", true, "1440938160\nPOST\n/a?b=c\n", Optional.empty());
        assertEquals(same.sign(plain, NOW).headers().one("x-signature"),
                signer.sign(plain, NOW).headers().one("x-signature"));
        assertEquals(Optional.of("1440938160"), signer.sign(plain, NOW).headers().one("x-time"));
        assertFalse(signer.sign(tricky, NOW).headers().one("x-signature")
                .equals(signer.sign(plain, NOW).headers().one("x-signature")));
    }

    @Test
    void aParameterIsPutBehindTheOthers() throws IOException {
        var signer = new Signer.Query(source("a b+c&d"), "key");
        assertEquals("key=a%20b%2Bc%26d", signer.sign(request("GET", "h", "/", ""), NOW).query());
        var signed = signer.sign(request("GET", "h", "/", "q=1"), NOW);
        assertEquals("q=1&key=a%20b%2Bc%26d", signed.query());
        assertEquals(List.of("a b+c&d"), signed.secrets());
        assertThrows(IOException.class,
                () -> new Signer.Query(source(""), "key").sign(request("GET", "h", "/", ""), NOW));
    }
}
