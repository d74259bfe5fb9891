package dev.masugata.inspect;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.masugata.model.Channel;
import dev.masugata.text.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The catalog's detections as one detector: one pass finds all keywords, and only what stands near one is matched.
///
/// Patterns are matched by RE2/J, in time that grows with the length of the text only: a backtracking engine could be
/// stopped by the text that it is to look at.
public final class Rules implements Detector {
    /// One detection, compiled.
    private record Rule(
            Detection detection, @Nullable Shape shape, List<Pattern> unless, @Nullable Scanner scanner) {
        private @Nullable Quick quick() {
            return shape == null ? null : shape.quick();
        }
    }

    /// The patterns of a detection. Detections of the same ones, that grade what they match, have the same shape.
    ///
    /// @param named it has a group that says what was found
    private record Shape(int number, Pattern pattern, @Nullable Quick quick, boolean named) {
        private static Shape of(int number, String either, int flags) {
            var pattern = Pattern.compile(either, flags);
            var quick = Quick.of(either, flags != 0);
            return new Shape(number, pattern, quick, pattern.namedGroups().containsKey("found"));
        }
    }

    /// Where a shape was found near one keyword: `[from, to, from, to, ...]`.
    private record Matches(int begin, int end, int[] places) {}

    /// Most strings hold no keyword: for them nothing is made.
    private static final int[] NONE = {};

    /// What a character costs that the slow engine looks at, where the quick one's is 1.
    private static final int FULL_COST = 16;

    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, Shape> shapes = new HashMap<>();
    private final List<Integer> keywordless = new ArrayList<>();
    /// For each rule the channels that it is on, a bit each.
    private final int[] channelsOf;
    private final int[] ruleOf;
    private final int[] lengthOf;
    private final Keywords keywords;

    /// @throws DetectionProblem if a pattern is none or a scanner is not there
    public Rules(List<Detection> detections) {
        this(detections, Scanners.ALL);
    }

    Rules(List<Detection> detections, Map<String, Scanner> scanners) {
        var words = new ArrayList<String>();
        var owners = new ArrayList<Integer>();
        for (var detection : detections) {
            for (var word : detection.keywords()) {
                words.add(word);
                owners.add(rules.size());
            }
            if (detection.keywords().isEmpty()) keywordless.add(rules.size());
            rules.add(compiled(detection, scanners));
        }
        channelsOf = detections.stream().mapToInt(Rules::channels).toArray();
        ruleOf = owners.stream().mapToInt(it -> it).toArray();
        lengthOf = words.stream().mapToInt(String::length).toArray();
        keywords = new Keywords(words);
    }

    private static int channels(Detection detection) {
        int bits = 0;
        for (var channel : detection.channels()) bits |= 1 << channel.ordinal();
        return bits;
    }

    private boolean isOn(int rule, Channel channel) {
        return (channelsOf[rule] >> channel.ordinal() & 1) != 0;
    }

    private Rule compiled(Detection detection, Map<String, Scanner> scanners) {
        var named = detection.scanner();
        var scanner = scanners.get(named);
        if (scanner == null && !named.isEmpty())
            throw new DetectionProblem(detection.where() + ": there is no scanner `" + named + "`");
        int flags = detection.exact() ? 0 : Pattern.CASE_INSENSITIVE;
        try {
            var unless = detection.unless().stream().map(it -> Pattern.compile(it, flags)).toList();
            if (detection.patterns().isEmpty()) return new Rule(detection, null, unless, scanner);
            // Each alternative must be whole by itself: `a(` and `)b` together would be one.
            detection.patterns().forEach(Pattern::compile);
            var either = "(?:" + String.join(")|(?:", detection.patterns()) + ")";
            var shape = shapes.computeIfAbsent(flags + either, _ -> Shape.of(shapes.size(), either, flags));
            return new Rule(detection, shape, unless, scanner);
        } catch (PatternSyntaxException wrong) {
            throw new DetectionProblem(detection.where() + ": " + wrong.getMessage());
        }
    }

    @Override
    public void look(Passage passage, Report report) {
        for (var layer : passage.layers().all()) new Look(passage, layer, report).take();
    }

    /// A keyword whose surroundings are not all there yet, if what is there can still become a match.
    @Override
    public int open(Channel channel, String text, Set<String> families) {
        var earliest = new int[] {text.length()};
        keywords.find(text, (keyword, end) -> {
            var rule = rules.get(ruleOf[keyword]);
            var detection = rule.detection();
            boolean all = end + detection.after() <= text.length();
            if (all || !isOn(ruleOf[keyword], channel) || !families.contains(detection.family())) return;
            int begin = Math.max(0, end - lengthOf[keyword] - detection.before());
            var quick = rule.quick();
            if (quick == null || quick.isOpen(text, begin, text.length())) earliest[0] = Math.min(earliest[0], begin);
        });
        return earliest[0];
    }

    /// One look at one reading.
    private final class Look {
        private final Passage passage;
        private final Layer layer;
        private final String text;
        private final Report report;
        private final Notes notes = new Notes();
        /// For each rule the span near its keywords that was not matched yet; `to` 0 if there is none.
        private int[] from = NONE;
        private int[] to = NONE;
        /// By a shape's number what it matched last: the next detection of that shape is asked about the same place.
        private Map<Integer, Matches> matches = Map.of();

        private Look(Passage passage, Layer layer, Report report) {
            this.passage = passage;
            this.layer = layer;
            this.text = layer.cased();
            this.report = report;
        }

        private void take() {
            for (int rule : keywordless)
                if (isOn(rule, passage.channel())) match(rules.get(rule), 0, text.length());
            keywords.find(text, this::near);
            for (int rule = 0; rule < to.length; rule++) if (to[rule] > 0) match(rules.get(rule), from[rule], to[rule]);
        }

        private void near(int keyword, int end) {
            int number = ruleOf[keyword];
            if (!isOn(number, passage.channel())) return;
            var rule = rules.get(number);
            if (to == NONE) {
                from = new int[rules.size()];
                to = new int[rules.size()];
            }
            int begin = Math.max(0, end - lengthOf[keyword] - rule.detection().before());
            int stop = Math.min(text.length(), end + rule.detection().after());
            // Keywords of another script come after those of ASCII that stand behind them.
            boolean beside = begin >= from[number] && begin <= to[number];
            if (to[number] > 0 && beside) {
                to[number] = Math.max(to[number], stop);
                return;
            }
            if (to[number] > 0) match(rule, from[number], to[number]);
            from[number] = begin;
            to[number] = stop;
        }

        private void match(Rule rule, int begin, int end) {
            var shape = rule.shape();
            boolean whole = rule.detection().keywords().isEmpty();
            if (!whole && !report.spend(passage, end - begin)) return;
            var scanner = rule.scanner();
            if (scanner != null && !scanner.mayHold(text, begin, end)) return;
            if (shape == null) found(rule, begin, end);
            else match(rule, shape, begin, end);
        }

        private void match(Rule rule, Shape shape, int begin, int end) {
            var known = matches.get(shape.number());
            if (known == null || known.begin() != begin || known.end() != end) {
                var quick = shape.quick();
                if (quick != null && !quick.mayMatch(text, begin, end)) return;
                if (!report.spend(passage, FULL_COST * (end - begin))) return;
                known = new Matches(begin, end, places(shape, begin, end));
                if (matches.isEmpty()) matches = new HashMap<>();
                matches.put(shape.number(), known);
            }
            var places = known.places();
            for (int i = 0; i < places.length; i += 2) found(rule, places[i], places[i + 1]);
        }

        private int[] places(Shape shape, int begin, int end) {
            var places = NONE;
            int count = 0;
            var matcher = shape.pattern().matcher(text.substring(begin, end));
            while (matcher.find()) {
                boolean part = shape.named() && matcher.start("found") >= 0;
                int first = part ? matcher.start("found") : matcher.start();
                int last = part ? matcher.end("found") : matcher.end();
                if (last <= first) continue;
                if (count == places.length) places = Arrays.copyOf(places, Math.max(8, 2 * count));
                places[count++] = begin + first;
                places[count++] = begin + last;
            }
            return Arrays.copyOf(places, count);
        }

        private void found(Rule rule, int begin, int end) {
            var scanner = rule.scanner();
            if (scanner == null) settle(rule, begin, end);
            else {
                var span = new Scanner.Span(passage, text, begin, end, notes);
                scanner.scan(span, (first, last) -> settle(rule, first, last));
            }
        }

        private void settle(Rule rule, int begin, int end) {
            for (var unless : rule.unless()) if (unless.matcher(text.substring(begin, end)).find()) return;
            var severity = rule.detection().severityOn(passage.channel());
            report.found(rule.detection().id(), severity, passage, layer, begin, end);
        }
    }
}
