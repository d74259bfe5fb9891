package dev.masugata.inspect;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Channel;
import dev.masugata.model.Finding;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Values drawn by lot, in sentences: those of each kind are found, and those that only look like them are not.
///
/// Recall and precision are of this generator; what they are on other people's texts nobody can tell from it.
class DetectorSuiteTest {
    private static final int OF_EACH = 200;
    private static final double RECALL = 0.95;
    private static final double PRECISION = 0.98;
    private static final String LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String HEX = "0123456789abcdef";
    private static final String DIGITS = "0123456789";
    private static final Pipeline PIPELINE = new Pipeline(List.of(new Rules(Detections.all())), new byte[32]);

    private static String drawn(Random random, int length, String alphabet) {
        var drawn = new StringBuilder();
        for (int i = 0; i < length; i++) drawn.append(alphabet.charAt(random.nextInt(alphabet.length())));
        return drawn.toString();
    }

    private static String letters(Random random, int length) {
        return drawn(random, length, LETTERS);
    }

    @SafeVarargs
    private static <T> T one(Random random, T... of) {
        return of[random.nextInt(of.length)];
    }

    // --- what is to be found ---

    private static String checked(Random random, String prefix) {
        var body = letters(random, 30);
        return prefix + body + ChecksummedToken.check(body);
    }

    /// The check digits are computed here once more, in another way than the detectors do.
    private static String card(Random random) {
        var kind = one(random, "4:16", "51:16", "55:16", "2221:16", "37:15", "3530:16", "6011:16");
        int length = Integer.parseInt(kind.substring(kind.indexOf(':') + 1));
        var prefix = kind.substring(0, kind.indexOf(':'));
        var number = prefix + drawn(random, length - 1 - prefix.length(), DIGITS);
        for (char check = '0'; check <= '9'; check++) {
            int sum = 0;
            var whole = number + check;
            for (int i = 0; i < length; i++) {
                int digit = whole.charAt(i) - '0';
                int times = (length - i) % 2 == 0 ? 2 * digit : digit;
                sum += times / 10 + times % 10;
            }
            if (sum % 10 == 0) return whole;
        }
        throw new AssertionError("one of ten digits is right");
    }

    private static String grouped(String number, String between, int... sizes) {
        var out = new StringBuilder();
        int at = 0;
        for (int size : sizes) {
            if (at > 0) out.append(between);
            out.append(number, at, Math.min(number.length(), at + size));
            at = Math.min(number.length(), at + size);
            if (at == number.length()) break;
        }
        return out.toString();
    }

    private static String printedCard(Random random) {
        var number = card(random);
        var sizes = number.length() == 15 ? new int[] {4, 6, 5} : new int[] {4, 4, 4, 4};
        return one(random, grouped(number, " ", sizes), grouped(number, "-", sizes), "card number " + number,
                "カード番号：" + number, number + " exp 0" + (1 + random.nextInt(9)) + "/28");
    }

    private static String iban(Random random) {
        var country = one(random, "DE:18", "GB:4+14", "NL:4+10", "FR:23", "ES:20", "CH:17");
        var form = country.substring(3);
        var account = form.contains("+")
                ? drawn(random, 4, CAPITALS) + drawn(random, Integer.parseInt(form.substring(2)), DIGITS)
                : drawn(random, Integer.parseInt(form), DIGITS);
        var digits = new StringBuilder();
        for (char c : (account + country.substring(0, 2) + "00").toCharArray()) digits.append(Character.digit(c, 36));
        int check = 98 - new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue();
        var iban = country.substring(0, 2) + "%02d".formatted(check) + account;
        return random.nextBoolean() ? iban : grouped(iban, " ", 4, 4, 4, 4, 4, 4, 4).strip();
    }

    private static String myNumber(Random random) {
        var digits = drawn(random, 11, DIGITS);
        int[] weights = {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
        int sum = 0;
        for (int i = 0; i < 11; i++) sum += weights[i] * (digits.charAt(i) - '0');
        int rest = sum % 11;
        var whole = digits + (rest <= 1 ? 0 : 11 - rest);
        return one(random, whole, grouped(whole, " ", 4, 4, 4), grouped(whole, "-", 4, 4, 4), wide(whole));
    }

    private static String corporate(Random random) {
        var digits = drawn(random, 12, DIGITS);
        int sum = 0;
        for (int i = 0; i < 12; i++) sum += (i % 2 == 0 ? 2 : 1) * (digits.charAt(i) - '0');
        return 9 - sum % 9 + digits;
    }

    private static String wide(String digits) {
        var wide = new StringBuilder();
        for (char c : digits.toCharArray()) wide.append(c >= '0' && c <= '9' ? (char) (c - '0' + '０') : c);
        return wide.toString();
    }

    private static String phoneOfJapan(Random random) {
        var tail = drawn(random, 4, DIGITS);
        var middle = drawn(random, 4, DIGITS);
        var phone = one(random, "090-" + middle + "-" + tail, "080-" + middle + "-" + tail, "03-" + middle + "-" + tail,
                "0" + (11 + random.nextInt(88)) + "-" + drawn(random, 3, DIGITS) + "-" + tail, "(06)" + middle + "-"
                        + tail,
                "0120-" + drawn(random, 3, DIGITS) + "-" + drawn(random, 3, DIGITS));
        return one(random, phone, wide(phone).replace('-', 'ー'), "電話 070" + middle + tail);
    }

    private static String address(Random random) {
        var town = one(random, "東京都千代田区霞が関", "大阪府大阪市北区梅田", "北海道札幌市中央区北", "愛知県名古屋市中村区名駅",
                "福岡県福岡市博多区博多駅前", "京都府京都市下京区東塩小路町", "沖縄県国頭郡恩納村字恩納", "埼玉県さいたま市大宮区桜木町");
        int a = 1 + random.nextInt(9);
        int b = 1 + random.nextInt(40);
        return town + one(random, a + "-" + b + "-" + a, a + "丁目" + b + "番" + a + "号", wide(a + "−" + b), b + "番地", a
                + "丁目" + b + "-" + a);
    }

    private static String name(Random random) {
        return one(random, "alice", "bob.smith", "y-tanaka", "suzuki_k", "carol+work", "dave99");
    }

    private static Map<String, Function<Random, String>> positives() {
        var all = new LinkedHashMap<String, Function<Random, String>>();
        all.put("secret/github-token", r -> checked(r, one(r, "ghp_", "gho_", "ghs_")));
        all.put("secret/npm-token", r -> checked(r, "npm_"));
        all.put("secret/gitlab-token", r -> "glpat-" + letters(r, 20));
        all.put("secret/aws-access-key", r -> "AKIA" + drawn(r, 16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"));
        all.put("secret/aws-secret-key", r -> "aws_secret_access_key = " + letters(r, 40));
        all.put("secret/google-api-key", r -> "AIza" + letters(r, 35));
        all.put("secret/openai-key", r -> "sk-proj-" + letters(r, 74) + "T3BlbkFJ" + letters(r, 74));
        all.put("secret/anthropic-key", r -> "sk-ant-api03-" + letters(r, 93) + "AA");
        all.put("secret/slack-token", r -> "xoxb-" + drawn(r, 12, DIGITS) + "-" + drawn(r, 12, DIGITS) + "-"
                + letters(r, 24));
        all.put("secret/stripe-key", r -> "sk_" + "live_" + letters(r, 24));
        all.put("secret/sendgrid-key", r -> "SG." + letters(r, 22) + "." + letters(r, 43));
        all.put("secret/hugging-face-token", r -> "hf_" + drawn(r, 34, LETTERS.substring(10)));
        all.put("secret/telegram-token", r -> "1" + drawn(r, 8, DIGITS) + ":AA" + letters(r, 33));
        all.put("secret/digitalocean-token", r -> "dop_v1_" + drawn(r, 64, HEX));
        all.put("secret/web-token", r -> part("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "."
                + part("{\"sub\":\"" + letters(r, 9) + "\"}")
                + "." + letters(r, 43));
        all.put("secret/private-key", r -> "-----BEGIN " + one(r, "", "RSA ", "EC ", "OPENSSH ") + "PRIVATE KEY-----\n"
                + letters(r, 64) + "\n" + letters(r, 64) + "\n" + letters(r, 40) + "\n-----END PRIVATE KEY-----");
        all.put("secret/url-password", r -> one(r, "postgres", "https", "redis") + "://app:" + letters(r, 10)
                + "@db.example/x");
        all.put("secret/assignment", r -> one(r, "password=", "API_KEY: ", "\"client_secret\": \"", "secret => '",
                "パスワード：",
                "export DB_PASSWORD=", "access_token = ") + letters(r, 24));
        all.put("secret/own-token", r -> "msg_" + letters(r, 43));
        all.put("personal/card", DetectorSuiteTest::printedCard);
        all.put("personal/iban", DetectorSuiteTest::iban);
        all.put("personal/e-mail", r -> name(r) + "@" + one(r, "example.com", "mail.example.co.jp", "a-b.example.org"));
        all.put("personal/phone", r -> "+" + one(r, "81 90 ", "1 415 ", "44 20 ", "4930") + drawn(r, 4, DIGITS)
                + one(r, "", " ", "-")
                + drawn(r, 4, DIGITS));
        all.put("personal/phone-japan", DetectorSuiteTest::phoneOfJapan);
        all.put("personal/my-number", r -> one(r, "マイナンバー ", "個人番号：", "My Number is ") + myNumber(r));
        all.put("personal/corporate-number", r -> "法人番号 " + corporate(r));
        all.put("personal/driving-licence", r -> "運転免許証 第" + (10 + r.nextInt(88)) + drawn(r, 10, DIGITS) + "号");
        all.put("personal/residence-card", r -> "在留カード番号 " + drawn(r, 2, CAPITALS) + drawn(r, 8, DIGITS)
                + drawn(r, 2, CAPITALS));
        all.put("personal/passport", r -> one(r, "旅券番号：", "passport no. ") + drawn(r, 2, CAPITALS)
                + drawn(r, 7, DIGITS));
        all.put("personal/pension", r -> "基礎年金番号 " + drawn(r, 4, DIGITS) + "-" + drawn(r, 6, DIGITS));
        all.put("personal/bank-account", r -> "渋谷支店 " + drawn(r, 3, DIGITS) + one(r, " 普通 ", " 当座預金 ", "、口座番号：")
                + drawn(r, 7, DIGITS));
        all.put("personal/postal-code", r -> "〒" + drawn(r, 3, DIGITS) + "-" + drawn(r, 4, DIGITS));
        all.put("personal/address", DetectorSuiteTest::address);
        all.put("personal/social-security", r -> "SSN " + (100 + r.nextInt(500)) + "-" + (10 + r.nextInt(89)) + "-"
                + (1000 + r.nextInt(8999)));
        return all;
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    // --- what only looks like it ---

    private static List<Function<Random, String>> negatives() {
        return List.of(
                r -> "id " + new UUID(r.nextLong(), r.nextLong()),
                r -> "commit " + drawn(r, 40, HEX),
                r -> "token_hash: " + drawn(r, 64, HEX),
                r -> "\"integrity\": \"sha512-" + letters(r, 86) + "==\"",
                r -> "2026-0" + (1 + r.nextInt(9)) + "-1" + r.nextInt(9) + "T10:15:" + (10 + r.nextInt(49)) + "."
                        + drawn(r, 6, DIGITS) + "Z",
                r -> "at " + 17 + drawn(r, 11, DIGITS) + " ms",
                r -> "order " + drawn(r, 16, DIGITS),
                r -> "注文番号 " + drawn(r, 12, DIGITS),
                r -> "伝票 " + drawn(r, 13, DIGITS),
                r -> "tracking " + drawn(r, 12, DIGITS),
                r -> "\"order_id\": " + drawn(r, 11, DIGITS),
                r -> "version " + r.nextInt(20) + "." + r.nextInt(20) + "." + r.nextInt(2000) + "-rc." + r.nextInt(9),
                r -> "data:image/png;base64,iVBORw0KGgo" + letters(r, 120),
                r -> "!function(e,t){var n=e.token,r=t.secret;return n&&r?e(t):n}(" + letters(r, 3) + ")",
                r -> "ISBN 978-4-" + drawn(r, 4, DIGITS) + "-" + drawn(r, 4, DIGITS) + "-" + r.nextInt(10),
                r -> "SKU " + drawn(r, 2, CAPITALS) + "-" + drawn(r, 6, DIGITS) + "-" + drawn(r, 2, CAPITALS),
                r -> "flight " + drawn(r, 2, CAPITALS) + drawn(r, 4, DIGITS) + ", seat 12A",
                r -> "JAN 49" + drawn(r, 11, DIGITS),
                r -> "password = getPassword(user" + r.nextInt(99) + ")",
                r -> "secret: ${{ secrets.DEPLOY_" + drawn(r, 6, CAPITALS) + " }}",
                r -> "next_page_token: " + letters(r, 40),
                r -> "token: response.data." + drawn(r, 8, "abcdefgh"),
                r -> "API_KEY=your_api_key_" + r.nextInt(99),
                r -> "password: " + one(r, "changeme", "********", "<password>", "string", "example123"),
                r -> "https://cdn.example/a/" + drawn(r, 64, HEX) + ".js?v=" + drawn(r, 10, DIGITS),
                r -> "icon@" + (1 + r.nextInt(3)) + "x.png, pkg@" + r.nextInt(9) + "." + r.nextInt(9) + "."
                        + r.nextInt(9),
                r -> "git@host.example:team/repo-" + r.nextInt(99) + ".git",
                r -> "ghp_" + letters(r, 20) + " is too short",
                r -> "売上は" + drawn(r, 7, "123456789") + "円、前年比" + r.nextInt(200) + "%",
                r -> "東京都の人口は" + (1300 + r.nextInt(100)) + "万人で、23区に集中",
                r -> "普通" + drawn(r, 7, "123456789") + "円くらいかかる",
                r -> "会員番号 " + drawn(r, 4, DIGITS) + "-" + drawn(r, 6, DIGITS),
                r -> "range 0x" + drawn(r, 16, HEX) + " to 0x" + drawn(r, 16, HEX),
                r -> "x = " + r.nextInt(999) + " + " + drawn(r, 11, "123456789") + " - " + r.nextInt(99),
                r -> "GPS " + (30 + r.nextInt(9)) + "." + drawn(r, 8, DIGITS) + ", 139." + drawn(r, 8, DIGITS),
                r -> "mac " + drawn(r, 2, HEX) + ":" + drawn(r, 2, HEX) + ":" + drawn(r, 2, HEX) + ":"
                        + drawn(r, 2, HEX));
    }

    // --- the figures ---

    private static final List<String> BEFORE =
            List.of("", "Here it is: ", "See below.\n", "値は次のとおり： ", "{\"note\": \"done\"}\n", "> ");
    private static final List<String> AFTER = List.of("", "\nThanks!", " and no more", "\n", "。よろしくお願いします。",
            ", as agreed");

    private static String placed(Random random, String value) {
        return BEFORE.get(random.nextInt(BEFORE.size())) + value + AFTER.get(random.nextInt(AFTER.size()));
    }

    private static List<String> rules(String text) {
        return PIPELINE.inspect(Channel.TOOL_RESULT, "/text", text).findings().stream()
                .map(Finding::rule).distinct().toList();
    }

    @Test
    void findsWhatIsThereAndNothingElse() {
        var wrong = new LinkedHashMap<String, Integer>();
        var examples = new ArrayList<String>();
        int ordinary = 0;
        for (var negative : negatives()) {
            var random = new Random(11);
            for (int i = 0; i < OF_EACH; i++) {
                var text = placed(random, negative.apply(random));
                ordinary++;
                for (var rule : rules(text)) if (!rule.startsWith("secret-like/")) {
                    if (wrong.merge(rule, 1, Integer::sum) < 4) examples.add(rule + " on `" + text + "`");
                }
            }
        }
        var faults = new ArrayList<String>();
        System.out.printf("of %d values each, among %d that only look so:%n", OF_EACH, ordinary);
        positives().forEach((rule, positive) -> {
            var random = new Random(7);
            int found = 0;
            for (int i = 0; i < OF_EACH; i++) {
                var text = placed(random, positive.apply(random));
                if (rules(text).contains(rule)) found++;
                else if (i < 20) examples.add(rule + " not on `" + text + "`");
            }
            double recall = (double) found / OF_EACH;
            int ordinaryOnes = wrong.getOrDefault(rule, 0);
            double precision = found == 0 ? 0 : (double) found / (found + ordinaryOnes);
            System.out.printf("  %-28s recall %.3f  precision %.3f%n", rule, recall, precision);
            if (recall < RECALL || precision < PRECISION) faults.add("%s: %.3f, %.3f".formatted(rule, recall,
                    precision));
        });
        wrong.forEach((rule, count) -> {
            if (!positives().containsKey(rule) && count > 0) faults.add(rule + " fired on " + count
                    + " that only look so");
        });
        assertTrue(faults.isEmpty(), () -> faults + "\n" + String.join("\n", examples));
    }

    @Test
    void aNameSaysWhatItsValueIs() {
        var random = new Random(3);
        var digits = myNumber(random).replaceAll("[^0-9]", "");
        if (digits.length() == 12) assertTrue(at("/user/my_number", digits).contains("personal/my-number"));
        assertTrue(at("/user/passport", "TK1234567").contains("personal/passport"));
        assertTrue(at("/order/number", "TK1234567").isEmpty());
        assertTrue(at("/config/api_key", letters(random, 32)).contains("secret/member"));
        assertTrue(at("/config/page_token", letters(random, 32)).isEmpty());
    }

    private static List<String> at(String place, String value) {
        return PIPELINE.inspect(Channel.TOOL_RESULT, place, value).findings().stream().map(Finding::rule).toList();
    }
}
