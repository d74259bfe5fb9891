package dev.masugata.gates.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Action;
import dev.masugata.model.HttpBody;
import dev.masugata.model.HttpField;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Reason;
import dev.masugata.net.Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "example.com", "a-b.example", "_dmarc.example", "192.0.2.1", "0.0.0.0", "[2001:db8::1]", "[::1]", "[::]",
        "[2001:db8:0:1:1:1:1:1]", "x--y.example", "1a.example"
    })
    void aHostInItsOneForm(String host) {
        assertTrue(Reading.isPlainHost(host));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "example.com.", ".example.com", "a..b", "-a.example", "a-.example", "2130706433", "0x7f000001", "0x7f.1",
        "127.1", "0177.0.0.1", "127.0.0.01", "256.0.0.1", "1.2.3.4.5", "1.2.3.4.", "[2001:DB8::1]", "[2001:db8::0:1]",
        "[::ffff:127.0.0.1]", "[::127.0.0.1]", "[0:0:0:0:0:0:0:1]", "[fe80::1%eth0]", "example.0x1"
    })
    void aHostInAnotherForm(String host) {
        assertFalse(Reading.isPlainHost(host));
    }

    private static Optional<String> doubt(String method, String url, String body, String... header) {
        var headers = header.length == 0 ? List.<HttpField>of() : List.of(new HttpField(header[0], header[1]));
        var sent = HttpBody.of(body.getBytes(StandardCharsets.UTF_8), "text/plain", "");
        return Reading.doubt(new Action.HttpRequest(HttpUrl.of(url).orElseThrow(), method, headers, sent))
                .map(Reason::id);
    }

    @ParameterizedTest
    @CsvSource({
        "/a%20b, ''", "/%E3%81%82, ''", "/@scope%2fname, ''", "/a%2Fb, ''", "/a%7Eb, ''", "/%61, egress/encoding",
        "/a%2Db, egress/encoding", "/%30, egress/encoding", "/a?b=%5F, egress/encoding", "/a?q=%26%3D, ''"
    })
    void whatNeedsNoEncodingIsNotEncoded(String path, String doubt) {
        assertEquals(doubt, doubt("GET", "https://example.com" + path, "").orElse(""));
    }

    @Test
    void aRequestIsWhatItSays() {
        assertEquals(Optional.empty(), doubt("POST", "https://example.com/", "x"));
        assertEquals(Optional.of("egress/body"), doubt("GET", "https://example.com/", "x"));
        assertEquals(Optional.of("egress/method"), doubt("TRACE", "https://example.com/", ""));
        for (var name : List.of("x-http-method-override", "x-original-url", "forwarded"))
            assertEquals(Optional.of("egress/override"), doubt("POST", "https://example.com/", "x", name, "DELETE"));
        assertEquals(Optional.empty(), doubt("POST", "https://example.com/", "x", "x-request-id", "1"));
    }

    @Test
    void ofEncodingsOnlyWhatCanBeReadIsAskedFor() {
        var headers = Headers.of("Accept-Encoding", "br, gzip, zstd", "Accept", "*/*", "Host", "example.com",
                "Proxy-Authorization", "Bearer x", "Connection", "x-own", "X-Own", "y");
        assertEquals(List.of(new HttpField("accept-encoding", "gzip"), new HttpField("accept", "*/*")),
                Reading.fields(headers));
        assertEquals(List.of(), Reading.fields(Headers.of("Accept-Encoding", "br")));
    }
}
