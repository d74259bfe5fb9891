package dev.masugata.definition;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.masugata.model.Finding;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Signed by one of the keys, as it is; everything else is not.
class SignatureTest {
    private static final Json.Obj TOOL = ClaimsTest.json("""
            {"name": "note", "description": "Keeps a note.",
            "inputSchema": {"type": "object", "properties": {"n": {"default": 1.50}}}}""");

    private static KeyPair pair(String algorithm, String curve) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance(algorithm);
        if (!curve.isEmpty()) generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String jws(String header, Json.Obj content, KeyPair by,
            String algorithm) throws GeneralSecurityException {
        var signer = java.security.Signature.getInstance(algorithm);
        signer.initSign(by.getPrivate());
        var head = encoded(header.getBytes(US_ASCII));
        signer.update((head + "." + encoded(JsonWriter.canonical(content))).getBytes(US_ASCII));
        return head + ".." + encoded(signer.sign());
    }

    private static Json.Obj signed(Json.Obj tool, String jws) {
        return tool.with("_meta", tool.object("_meta").with(Signature.MEMBER, jws));
    }

    private static List<String> check(Json whole, PublicKey... keys) {
        return new Signature(List.of(keys)).check(new Definition("s", "note", whole)).stream().map(Finding::rule)
                .toList();
    }

    private static final String ED = "{\"alg\":\"EdDSA\"}";
    private static final String ES = "{\"alg\":\"ES256\",\"kid\":\"k\"}";

    @Test
    void whatIsSignedPassesAndWhatWasChangedSinceDoesNot() throws Exception {
        var edwards = pair("Ed25519", "");
        var curve = pair("EC", "secp256r1");
        var both = new PublicKey[] {edwards.getPublic(), curve.getPublic()};
        for (var whole : List.of(
                signed(TOOL, jws(ED, TOOL, edwards, "Ed25519")),
                signed(TOOL, jws(ES, TOOL, curve, "SHA256withECDSAinP1363Format")))) {
            assertEquals(List.of(), check(whole, both));
            assertEquals(List.of("signature/wrong"), check(whole.with("description", "Keeps a note!"), both));
            assertEquals(List.of("signature/wrong"),
                    check(whole.with("_meta", whole.object("_meta").with("more", 1)), both));
            assertEquals(List.of("signature/none"), check(whole.without("_meta"), both));
        }
    }

    @Test
    void otherMembersOfMetaAreSignedToo() throws Exception {
        var edwards = pair("Ed25519", "");
        var tool = TOOL.with("_meta", Json.object("ui", "x"));
        var whole = signed(tool, jws(ED, tool, edwards, "Ed25519"));
        assertEquals(List.of(), check(whole, edwards.getPublic()));
        assertEquals(List.of("signature/wrong"),
                check(whole.with("_meta", whole.object("_meta").with("ui", "y")), edwards.getPublic()));
    }

    /// The vector of RFC 8037, A.4: what others sign is what we verify.
    @Test
    void theKeyOfRfc8037Verifies() throws Exception {
        var x = Base64.getUrlDecoder().decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        var prefix = java.util.HexFormat.of().parseHex("302a300506032b6570032100");
        var spki = new byte[prefix.length + x.length];
        System.arraycopy(prefix, 0, spki, 0, prefix.length);
        System.arraycopy(x, 0, spki, prefix.length, x.length);
        var key = java.security.KeyFactory.getInstance("Ed25519")
                .generatePublic(new java.security.spec.X509EncodedKeySpec(spki));
        var verifier = java.security.Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        verifier.update("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".getBytes(US_ASCII));
        var signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        org.junit.jupiter.api.Assertions.assertTrue(verifier.verify(Base64.getUrlDecoder().decode(signature)));
        // The same signature is none of a definition.
        assertEquals(List.of("signature/wrong"), check(signed(TOOL, "eyJhbGciOiJFZERTQSJ9.." + signature), key));
    }

    @Test
    void eachOtherWayIsWrong() throws Exception {
        var edwards = pair("Ed25519", "");
        var curve = pair("EC", "secp256r1");
        var good = jws(ED, TOOL, edwards, "Ed25519");
        var parts = good.split("\\.", -1);
        var ways = Map.of(
                "by another key", jws(ED, TOOL, pair("Ed25519", ""), "Ed25519"),
                "says the other algorithm", jws(ES, TOOL, edwards, "Ed25519"),
                "says none", encoded("{\"alg\":\"none\"}".getBytes(US_ASCII)) + "..",
                "asks for an extension",
                        jws("{\"alg\":\"EdDSA\",\"crit\":[\"exp\"],\"exp\":1}", TOOL, edwards, "Ed25519"),
                "unencoded content", jws("{\"alg\":\"EdDSA\",\"b64\":false}", TOOL, edwards, "Ed25519"),
                "content not detached", parts[0] + "." + encoded(JsonWriter.canonical(TOOL)) + "." + parts[2],
                "padded", good + "==",
                "no text of a signature", "x..y",
                "twice the same name", jws("{\"alg\":\"EdDSA\",\"alg\":\"EdDSA\"}", TOOL, edwards, "Ed25519"),
                "too long", good + "A".repeat(Signature.SIGNATURE_CHARS_MAX));
        ways.forEach((why, jws) -> assertEquals(List.of("signature/wrong"),
                check(signed(TOOL, jws), edwards.getPublic(), curve.getPublic()), why));
        assertEquals(List.of(), check(signed(TOOL, good), edwards.getPublic(), curve.getPublic()));
    }

    @Test
    void onlyKeysOfTheTwoKindsAreKeys() throws Exception {
        for (var other : List.of(pair("RSA", ""), pair("EC", "secp384r1"), pair("Ed448", ""))) {
            assertFalse(Signature.isUsable(other.getPublic()));
            assertThrows(IllegalArgumentException.class, () -> new Signature(List.of(other.getPublic())));
        }
        assertThrows(IllegalArgumentException.class, () -> new Signature(List.of()));
    }
}
