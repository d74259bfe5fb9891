package dev.masugata.provenance;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Which values say where something goes.
///
/// By their form (address, URL, host, bank account, phone) or by the name of their argument. The name is the server's
/// to choose, which is no danger: it can only make a value count as a destination, never the other way round.
final class Destinations {
    private static final Set<String> NAMES = Set.of(
            "to", "cc", "bcc", "recipient", "recipients", "receiver", "addressee", "destination", "dest", "target",
            "url", "uri", "link", "href", "host", "hostname", "domain", "server", "endpoint", "address", "email",
            "mail", "phone", "account", "iban", "bic", "payee", "beneficiary", "wallet", "webhook", "callback",
            "channel", "room", "chat", "remote", "repo", "repository", "invitee", "participants", "attendees",
            "collaborator", "member", "members");

    private static final int FORM_CHARS_MAX = 2_048;
    private static final Pattern HUMP = Pattern.compile("([a-z])([A-Z])");
    private static final Pattern NO_LETTER = Pattern.compile("[^a-z]+");
    private static final Pattern BETWEEN = Pattern.compile("[,;\\s]+");
    private static final Pattern ADDRESS = Pattern.compile("[^\\s@<>]{1,256}@[^\\s@<>]{1,256}");
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]{1,30}:[^\\s]+");
    private static final Pattern HOST =
            Pattern.compile("[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63}){1,20}(:\\d{1,5})?(/\\S*)?");
    private static final Pattern ACCOUNT = Pattern.compile("[a-z]{2}\\d{2}[a-z0-9]{8,30}");
    private static final Pattern PHONE = Pattern.compile("\\+?\\d[\\d ()-]{7,18}\\d");

    private Destinations() {}

    static boolean isOne(Value value) {
        return isNamed(value.name()) || value.readings().stream().anyMatch(Destinations::hasForm);
    }

    /// `repo_name`, `recipientEmail` and `to` name a destination.
    private static boolean isNamed(String name) {
        var words = HUMP.matcher(name).replaceAll("$1_$2").toLowerCase(Locale.ROOT);
        return NO_LETTER.splitAsStream(words).anyMatch(NAMES::contains);
    }

    /// @param text shadow text
    static boolean hasForm(String text) {
        if (text.length() > FORM_CHARS_MAX) return false;
        return BETWEEN.splitAsStream(text).anyMatch(it -> ADDRESS.matcher(it).matches()
                        || SCHEME.matcher(it).matches()
                        || HOST.matcher(it).matches()
                        || ACCOUNT.matcher(it).matches())
                || PHONE.matcher(text).matches();
    }
}
