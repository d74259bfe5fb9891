package dev.masugata.inspect.guard;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A text classifier in an ONNX file, as they are exported: token ids in, one row of logits out.
///
/// The one class that names the runtime. It runs on platform threads of its own: a run takes a whole core for a while,
/// and a virtual thread in native code would keep it from all others.
public final class OnnxClassifier implements Classifier {
    /// One run at a time for so many cores; others wait, and their waiting counts.
    private static final int CORES_EACH = 2;

    private static final int CLOSING_SECONDS = 5;

    private static final Set<String> INPUTS = Set.of("input_ids", "attention_mask", "token_type_ids");

    private final OrtEnvironment runtime;
    private final OrtSession session;
    private final String output;
    private final ExecutorService threads;

    /// @throws IllegalArgumentException if the file holds no such model
    public OnnxClassifier(Path model) {
        try {
            runtime = OrtEnvironment.getEnvironment();
            session = open(runtime, model);
        } catch (OrtException unreadable) {
            throw new IllegalArgumentException(unreadable.getMessage(), unreadable);
        }
        try {
            output = output(session);
        } catch (OrtException | IllegalArgumentException other) {
            close(session);
            throw new IllegalArgumentException(other.getMessage(), other);
        }
        int many = Math.max(1, Runtime.getRuntime().availableProcessors() / CORES_EACH);
        threads = Executors.newFixedThreadPool(many, Thread.ofPlatform().daemon().name("guard-", 0).factory());
    }

    private static OrtSession open(OrtEnvironment runtime, Path model) throws OrtException {
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            return runtime.createSession(model.toString(), options);
        }
    }

    /// The output with the logits: the one of that name, or the only one. What else the model wants is refused here.
    private static String output(OrtSession session) throws OrtException {
        for (var input : session.getInputInfo().entrySet()) {
            if (!INPUTS.contains(input.getKey()))
                throw new IllegalArgumentException("it wants an input `" + input.getKey() + "`, which no text has");
            boolean integers = input.getValue().getInfo() instanceof TensorInfo it && it.type == OnnxJavaType.INT64;
            if (!integers) throw new IllegalArgumentException("its input `" + input.getKey() + "` is not of int64");
        }
        if (!session.getInputNames().contains("input_ids"))
            throw new IllegalArgumentException("it has no input `input_ids`");
        var outputs = session.getOutputNames();
        if (outputs.contains("logits")) return "logits";
        if (outputs.size() == 1) return outputs.iterator().next();
        throw new IllegalArgumentException("it has no output `logits`");
    }

    @Override
    public Optional<float[]> logits(long[] ids, long nanos) {
        var run = new Run(ids);
        var result = threads.submit(run);
        try {
            return Optional.of(result.get(Math.max(0, nanos), TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            result.cancel(false);
            run.stop();
            return Optional.empty();
        } catch (InterruptedException stopped) {
            result.cancel(false);
            run.stop();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the guard was interrupted", stopped);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("the guard's model cannot be run: " + failed.getCause(), failed.getCause());
        }
    }

    /// Once no run is under way; native code that still runs keeps what it needs.
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (threads.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) close(session);
        } catch (InterruptedException now) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(OrtSession session) {
        try {
            session.close();
        } catch (OrtException failed) {
            throw new IllegalStateException("the guard's model cannot be closed", failed);
        }
    }

    /// One run, which another thread may stop.
    private final class Run implements Callable<float[]> {
        private final long[] ids;
        private OrtSession.@Nullable RunOptions options;
        private boolean stopped;

        private Run(long[] ids) {
            this.ids = ids;
        }

        @Override
        public float[] call() throws OrtException {
            try (var mine = new OrtSession.RunOptions()) {
                begin(mine);
                try {
                    return run(mine);
                } finally {
                    end();
                }
            }
        }

        private synchronized void begin(OrtSession.RunOptions mine) throws OrtException {
            options = mine;
            if (stopped) mine.setTerminate(true);
        }

        /// From here on the options may be closed, and are not to be touched.
        private synchronized void end() {
            options = null;
        }

        private synchronized void stop() {
            stopped = true;
            try {
                if (options != null) options.setTerminate(true);
            } catch (OrtException failed) {
                throw new IllegalStateException("the guard's model cannot be stopped", failed);
            }
        }

        private float[] run(OrtSession.RunOptions mine) throws OrtException {
            var inputs = new HashMap<String, OnnxTensor>();
            try {
                for (var name : session.getInputNames()) {
                    var values = new long[ids.length];
                    switch (name) {
                        case "input_ids" -> System.arraycopy(ids, 0, values, 0, ids.length);
                        case "attention_mask" -> Arrays.fill(values, 1);
                        default -> {} // of one text all are of type 0
                    }
                    var shape = new long[] {1, ids.length};
                    inputs.put(name, OnnxTensor.createTensor(runtime, LongBuffer.wrap(values), shape));
                }
                try (var result = session.run(inputs, Set.of(output), mine)) {
                    if (result.get(0).getValue() instanceof float[][] rows && rows.length == 1) return rows[0];
                    throw new IllegalStateException("`" + output + "` is not one row of floats");
                }
            } finally {
                inputs.values().forEach(OnnxTensor::close);
            }
        }
    }
}
