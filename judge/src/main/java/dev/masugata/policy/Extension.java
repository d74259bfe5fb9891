package dev.masugata.policy;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;

/// Cedar's extension types: `decimal`, `ipaddr`, `datetime`, `duration`.
sealed interface Extension {

    /// The value that an extension constructor makes of its text.
    static Extension of(String function, String text) {
        return switch (function) {
            case "decimal" -> Decimal.of(text);
            case "ip" -> Ip.of(text);
            case "datetime" -> Datetime.of(text);
            case "duration" -> Duration.of(text);
            default -> throw new EvalError("there is no function `" + function + "`");
        };
    }

    /// The names of the constructors.
    List<String> CONSTRUCTORS = List.of("decimal", "ip", "datetime", "duration");

    /// Four digits after the point, in 64 bits.
    record Decimal(long tenThousandths) implements Extension {
        private static final Pattern FORM = Pattern.compile("-?0*+[0-9]{0,19}(?<=[0-9])\\.[0-9]{1,4}");

        static Decimal of(String text) {
            if (!FORM.matcher(text).matches()) throw new EvalError("`" + text + "` is not a decimal such as \"12.50\"");
            return of(new BigDecimal(text)).orElseThrow(() -> new EvalError("`" + text + "` is too large for a decimal"));
        }

        /// The decimal of the same value, if there is one.
        static java.util.Optional<Decimal> of(BigDecimal value) {
            try {
                return java.util.Optional.of(new Decimal(value.movePointRight(4).longValueExact()));
            } catch (ArithmeticException inexact) {
                return java.util.Optional.empty();
            }
        }

        @Override
        public String toString() {
            var text = BigDecimal.valueOf(tenThousandths, 4).stripTrailingZeros();
            return (text.scale() < 1 ? text.setScale(1) : text).toPlainString();
        }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    record Datetime(long millis) implements Extension {
        private static final Pattern FORM = Pattern.compile(
                "([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}:[0-9]{2})(\\.[0-9]{3})?(Z|[+-][0-9]{4}))?");

        static Datetime of(String text) {
            var form = FORM.matcher(text);
            if (!form.matches()) throw new EvalError("`" + text + "` is not a datetime such as \"2026-01-31T09:00:00Z\"");
            try {
                if (form.group(2) == null)
                    return new Datetime(LocalDate.parse(form.group(1)).toEpochDay() * 86_400_000L);
                var fraction = form.group(3) == null ? "" : form.group(3);
                var local = LocalDateTime.parse(form.group(1) + "T" + form.group(2) + fraction);
                return new Datetime(local.toInstant(ZoneOffset.UTC).toEpochMilli() - offset(form.group(4)));
            } catch (DateTimeException wrong) {
                throw new EvalError("`" + text + "` is not a datetime");
            }
        }

        /// Milliseconds east of Greenwich. Java's own offsets end at 18 hours, Cedar's at 23:59.
        private static long offset(String zone) {
            if (zone.equals("Z")) return 0;
            int hours = Integer.parseInt(zone.substring(1, 3));
            int minutes = Integer.parseInt(zone.substring(3));
            if (hours > 23 || minutes > 59) throw new DateTimeException("no such offset");
            return (zone.charAt(0) == '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000L;
        }

        Datetime toDate() {
            try {
                return new Datetime(Math.multiplyExact(Math.floorDiv(millis, 86_400_000L), 86_400_000L));
            } catch (ArithmeticException overflow) {
                throw new EvalError("the day begins before what fits 64 bits");
            }
        }

        Duration toTime() {
            return new Duration(Math.floorMod(millis, 86_400_000L));
        }
    }

    /// Milliseconds.
    record Duration(long millis) implements Extension {
        private static final Pattern FORM =
                Pattern.compile("(-?)(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m(?!s))?(?:([0-9]+)s)?(?:([0-9]+)ms)?");
        private static final long[] UNITS = {86_400_000L, 3_600_000L, 60_000L, 1_000L, 1L};

        static Duration of(String text) {
            var form = FORM.matcher(text);
            if (!form.matches() || text.isEmpty() || text.equals("-"))
                throw new EvalError("`" + text + "` is not a duration such as \"1d2h30m\"");
            try {
                long millis = 0;
                for (int i = 0; i < UNITS.length; i++)
                    if (form.group(i + 2) != null) {
                        // With its sign, for the least number has no positive twin.
                        long part = Math.multiplyExact(Long.parseLong(form.group(1) + form.group(i + 2)), UNITS[i]);
                        millis = Math.addExact(millis, part);
                    }
                return new Duration(millis);
            } catch (ArithmeticException | NumberFormatException large) {
                throw new EvalError("`" + text + "` is too long for a duration");
            }
        }
    }

    /// An address or a range of them.
    record Ip(List<Byte> bytes, int prefix) implements Extension {
        private static final Pattern V4 =
                Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$|/)|(?=$|/))){4}(?:/(?:[12]?[0-9]|3[0-2]))?");
        private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:]*(?:/(?:[0-9]{1,2}|1[01][0-9]|12[0-8]))?");

        static Ip of(String text) {
            boolean known = V4.matcher(text).matches() || V6.matcher(text).matches();
            if (!known) throw new EvalError("`" + text + "` is not an address or a range of addresses");
            int slash = text.indexOf('/');
            try {
                var address = InetAddress.getByName(slash < 0 ? text : text.substring(0, slash)).getAddress();
                if (text.indexOf(':') >= 0 && address.length == 4) address = mapped(address);
                int prefix = slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1));
                var bytes = new java.util.ArrayList<Byte>();
                for (byte b : address) bytes.add(b);
                return new Ip(List.copyOf(bytes), prefix);
            } catch (UnknownHostException wrong) {
                throw new EvalError("`" + text + "` is not an address");
            }
        }

        /// Java turns `::ffff:1.2.3.4` into an IPv4 address; Cedar does not.
        private static byte[] mapped(byte[] v4) {
            var v6 = new byte[16];
            v6[10] = v6[11] = (byte) 0xFF;
            System.arraycopy(v4, 0, v6, 12, 4);
            return v6;
        }

        boolean isIpv4() {
            return bytes.size() == 4;
        }

        boolean isInRange(Ip range) {
            if (bytes.size() != range.bytes.size() || prefix < range.prefix) return false;
            for (int bit = 0; bit < range.prefix; bit++) if (bit(bit) != range.bit(bit)) return false;
            return true;
        }

        boolean isLoopback() {
            return isIpv4() ? isInRange(of("127.0.0.0/8")) : isInRange(of("::1"));
        }

        boolean isMulticast() {
            return isIpv4() ? isInRange(of("224.0.0.0/4")) : isInRange(of("ff00::/8"));
        }

        private int bit(int index) {
            return bytes.get(index / 8) >> (7 - index % 8) & 1;
        }
    }
}
