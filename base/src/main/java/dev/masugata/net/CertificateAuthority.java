package dev.masugata.net;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A certificate authority of our own, and the certificates it makes for the names that a proxy is asked for
/// (RFC 5280; EC P-256, SHA-256). Who trusts its one certificate can be read by whoever holds its key, and by nobody
/// else.
public final class CertificateAuthority {
    /// How long the authority is good.
    public static final Duration AUTHORITY_LIFE = Duration.ofDays(825);
    /// How long a certificate for one name is good; clients of today take no longer one.
    static final Duration LEAF_LIFE = Duration.ofDays(90);
    /// Clocks are not all the same.
    private static final Duration BEFORE = Duration.ofHours(24);
    /// Names whose certificates are kept ready; of more the one that was not used for longest is made anew.
    static final int NAMES_MAX = 1_000;

    private static final String ECDSA_SHA256 = "1.2.840.10045.4.3.2";

    private final X509Certificate authority;
    private final PrivateKey key;
    private final KeyPair leaf;
    private final SecureRandom random;
    private final InstantSource clock;
    private final Map<String, Made> made = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Made> eldest) {
            return size() > NAMES_MAX;
        }
    };

    private record Made(SslContext context, Instant until) {}

    private CertificateAuthority(X509Certificate authority, PrivateKey key, SecureRandom random, InstantSource clock)
            throws GeneralSecurityException {
        this.authority = authority;
        this.key = key;
        this.random = random;
        this.clock = clock;
        this.leaf = pair(random);
    }

    /// A new authority, known to nobody yet.
    ///
    /// @param name what its certificate calls it
    public static CertificateAuthority make(String name, SecureRandom random, InstantSource clock) {
        try {
            var pair = pair(random);
            var now = clock.instant();
            var whole = certificate(name, name, pair.getPublic().getEncoded(), pair.getPrivate(), now.minus(BEFORE),
                    now.plus(AUTHORITY_LIFE), List.of(basic(true), usage(0x06, 1)), random);
            return new CertificateAuthority(read(whole), pair.getPrivate(), random, clock);
        } catch (GeneralSecurityException everyJdkCan) {
            throw new IllegalStateException(everyJdkCan);
        }
    }

    /// An authority that was made before.
    ///
    /// @param certificate as PEM
    /// @param key         PKCS#8, as PEM
    /// @throws IOException when they cannot be read, or are not of each other
    public static CertificateAuthority of(String certificate, String key, SecureRandom random, InstantSource clock)
            throws IOException {
        try {
            var read = read(decoded(certificate, "CERTIFICATE"));
            var secret = KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(decoded(key, "PRIVATE KEY")));
            var probe = Signature.getInstance("SHA256withECDSA");
            probe.initSign(secret);
            var signed = probe.sign();
            probe.initVerify(read.getPublicKey());
            if (!probe.verify(signed)) throw new IOException("the key is not that of the certificate");
            return new CertificateAuthority(read, secret, random, clock);
        } catch (GeneralSecurityException | IllegalArgumentException unusable) {
            throw new IOException("the certificate authority cannot be read: " + unusable.getMessage(), unusable);
        }
    }

    /// The authority's certificate, for who is to trust it.
    public String pem() {
        try {
            return encoded(authority.getEncoded(), "CERTIFICATE");
        } catch (GeneralSecurityException wasRead) {
            throw new IllegalStateException(wasRead);
        }
    }

    /// The authority's key, for the one file that keeps it.
    public String insecureKey() {
        return encoded(key.getEncoded(), "PRIVATE KEY");
    }

    /// When the authority is no longer good.
    public Instant until() {
        return authority.getNotAfter().toInstant();
    }

    /// What a server of our own shows under that name, signed by this authority.
    public TlsOptions identity(String name) {
        try {
            var now = clock.instant();
            var pair = pair(random);
            var extensions = List.of(basic(false), usage(0x80, 7), serverUse(), alternative(name));
            var whole = certificate(
                    authority.getSubjectX500Principal().getEncoded(), "masugata", pair.getPublic().getEncoded(), key,
                    now.minus(BEFORE), now.plus(LEAF_LIFE), extensions, random);
            var chain = encoded(whole, "CERTIFICATE") + pem();
            var secret = encoded(pair.getPrivate().getEncoded(), "PRIVATE KEY");
            return new TlsOptions(
                    chain.getBytes(StandardCharsets.US_ASCII), secret.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException | IOException everyJdkCan) {
            throw new IllegalStateException(everyJdkCan);
        }
    }

    /// What a server of that name shows.
    ///
    /// @param name a host name, or an address without brackets
    SslContext of(String name) throws IOException {
        synchronized (made) {
            var now = clock.instant();
            var known = made.get(name);
            if (known != null && now.isBefore(known.until())) return known.context();
            var until = now.plus(LEAF_LIFE);
            var fresh = context(name, now.minus(BEFORE), until.isAfter(until()) ? until() : until);
            made.put(name, new Made(fresh, until.minus(BEFORE)));
            return fresh;
        }
    }

    private SslContext context(String name, Instant from, Instant until) throws IOException {
        try {
            var extensions = List.of(basic(false), usage(0x80, 7), serverUse(), alternative(name));
            var whole = certificate(
                    authority.getSubjectX500Principal().getEncoded(), "masugata", leaf.getPublic().getEncoded(), key,
                    from, until, extensions, random);
            return SslContextBuilder.forServer(leaf.getPrivate(), read(whole), authority)
                    .sslProvider(SslProvider.JDK)
                    .protocols(TlsOptions.PROTOCOLS)
                    .ciphers(TlsOptions.SUITES, SupportedCipherSuiteFilter.INSTANCE)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            "http/1.1"))
                    .build();
        } catch (GeneralSecurityException broken) {
            throw new IOException("no certificate could be made for a name: " + broken.getMessage(), broken);
        }
    }

    // --- X.509 ------------------------------------------------------------------------------------------------------

    private static KeyPair pair(SecureRandom random) throws GeneralSecurityException {
        var pairs = KeyPairGenerator.getInstance("EC");
        pairs.initialize(new ECGenParameterSpec("secp256r1"), random);
        return pairs.generateKeyPair();
    }

    private static byte[] certificate(
            String issuer, String subject, byte[] subjectKey, PrivateKey signer, Instant from, Instant until,
            List<byte[]> extensions, SecureRandom random)
            throws GeneralSecurityException {
        return certificate(name(issuer), subject, subjectKey, signer, from, until, extensions, random);
    }

    private static byte[] certificate(
            byte[] issuer, String subject, byte[] subjectKey, PrivateKey signer, Instant from, Instant until,
            List<byte[]> extensions, SecureRandom random)
            throws GeneralSecurityException {
        var algorithm = Der.sequence(Der.oid(ECDSA_SHA256));
        var body = Der.sequence(
                Der.tagged(0xA0, Der.integer(BigInteger.TWO)),
                Der.integer(new BigInteger(127, random).setBit(126)),
                algorithm,
                issuer,
                Der.sequence(Der.time(from), Der.time(until)),
                name(subject),
                subjectKey,
                Der.tagged(0xA3, Der.sequence(extensions.toArray(byte[][]::new))));
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(signer, random);
        signature.update(body);
        return Der.sequence(body, algorithm, Der.bits(signature.sign()));
    }

    private static byte[] name(String common) {
        return Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.utf8(common))));
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.bool(true), Der.octets(value))
                : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    /// An authority signs no further authority.
    private static byte[] basic(boolean authority) {
        var says = authority ? Der.sequence(Der.bool(true), Der.integer(BigInteger.ZERO)) : Der.sequence();
        return extension("2.5.29.19", true, says);
    }

    /// @param unused low bits of the byte that say nothing
    private static byte[] usage(int bits, int unused) {
        return extension("2.5.29.15", true, Der.tagged(0x03, new byte[] {(byte) unused, (byte) bits}));
    }

    private static byte[] serverUse() {
        return extension("2.5.29.37", false, Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1")));
    }

    private static byte[] alternative(String name) throws IOException {
        boolean address = name.indexOf(':') >= 0 || name.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
        var said = address
                ? Der.tagged(0x87, InetAddress.getByName(name).getAddress())
                : Der.tagged(0x82, name.getBytes(StandardCharsets.US_ASCII));
        return extension("2.5.29.17", true, Der.sequence(said));
    }

    private static X509Certificate read(byte[] whole) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }

    private static String encoded(byte[] bytes, String what) {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }

    private static byte[] decoded(String pem, String what) throws IOException {
        int from = pem.indexOf("-----BEGIN " + what + "-----");
        int to = pem.indexOf("-----END " + what + "-----");
        if (from < 0 || to < from) throw new IOException("there is no PEM block of a " + what);
        return Base64.getMimeDecoder().decode(pem.substring(from + what.length() + 16, to));
    }
}
