package dev.masugata.inspect;

import dev.masugata.model.Channel;
import dev.masugata.model.Finding;
import java.util.ArrayList;
import java.util.List;

/// Runs the examples of detections: each that fires must be found, each that is silent must not.
final class DetectionExamples {
    private DetectionExamples() {}

    /// @return one line for each example that does something else: file, line, entry, example and what it did
    static List<String> faults(List<Detection> detections) {
        var pipeline = new Pipeline(List.of(new Rules(detections)), new byte[32]);
        var faults = new ArrayList<String>();
        for (var detection : detections) {
            for (var channel : detection.channels()) {
                for (var example : detection.fires()) {
                    var found = found(pipeline, detection, channel, example);
                    if (!found.contains(detection.id())) faults.add(fault(detection, channel, "fires", example, found));
                }
                for (var example : detection.silent()) {
                    var found = found(pipeline, detection, channel, example);
                    if (found.contains(detection.id())) faults.add(fault(detection, channel, "silent", example, found));
                }
            }
        }
        return faults;
    }

    private static List<String> found(Pipeline pipeline, Detection of, Channel channel, String example) {
        var findings = pipeline.inspect(channel, of.place(), example).findings();
        return findings.stream().map(Finding::rule).distinct().toList();
    }

    private static String fault(Detection of, Channel channel, String word, String example, List<String> found) {
        var shown = example.length() > 100 ? example.substring(0, 100) + "..." : example;
        return "%s: `%s` %s on %s: `%s` found %s".formatted(of.where(), of.id(), word, channel.word(), shown, found);
    }
}
