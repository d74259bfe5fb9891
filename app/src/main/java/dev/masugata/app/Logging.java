package dev.masugata.app;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// One JSON object a line on standard error. Named to the JDK's logging in the launcher.
public final class Logging {
    public Logging() {
        var handler = new ConsoleHandler();
        handler.setFormatter(new Lines());
        handler.setLevel(Level.INFO);
        var root = Logger.getLogger("");
        for (var other : root.getHandlers()) root.removeHandler(other);
        root.addHandler(handler);
        root.setLevel(Level.WARNING);
        Logger.getLogger("masugata").setLevel(Level.INFO);
    }

    private static final class Lines extends Formatter {
        @Override
        public String format(LogRecord record) {
            var line = Json.object("time", record.getInstant().toString())
                    .with("level", record.getLevel().getName().toLowerCase(java.util.Locale.ROOT))
                    .with("logger", String.valueOf(record.getLoggerName()))
                    .with("message", formatMessage(record));
            if (record.getThrown() != null) line = line.with("cause", trace(record.getThrown()));
            return JsonWriter.text(line) + "\n";
        }

        private static String trace(Throwable thrown) {
            var text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            return text.toString();
        }
    }
}
