package dev.masugata.inspect.guard;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/// The operator's `onnxruntime.jar`, and [OnnxClassifier] loaded beside it.
///
/// It weighs more than all of Masugata and most installations have no use for it, so it is not shipped. Our class that
/// names it is loaded a second time, together with the jar; both see each other, and the rest of us sees neither.
final class OnnxRuntime {
    private static final String OURS = "dev.masugata.inspect.guard.OnnxClassifier";
    private static final String THEIRS = "ai.onnxruntime.";

    private OnnxRuntime() {}

    /// @param jar the runtime, version 1.29 or one that is compatible
    /// @throws GuardProblem if the jar holds no runtime for this machine, or the file no such model
    static Classifier open(Path jar, Path model) throws GuardProblem {
        try {
            var type = new Beside(jar).loadClass(OURS);
            return (Classifier) type.getConstructor(Path.class).newInstance(model);
        } catch (InvocationTargetException failed) {
            var cause = failed.getCause();
            throw failed(jar, model, cause == null ? failed : cause);
        } catch (ReflectiveOperationException | LinkageError | IOException unusable) {
            throw noRuntime(jar, unusable);
        }
    }

    private static GuardProblem failed(Path jar, Path model, Throwable cause) {
        if (cause instanceof IllegalArgumentException)
            return new GuardProblem("`" + model + "` is no model that can be used as a guard: " + cause.getMessage());
        if (cause instanceof LinkageError || cause instanceof RuntimeException) return noRuntime(jar, cause);
        throw new IllegalStateException(cause);
    }

    private static GuardProblem noRuntime(Path jar, Throwable cause) {
        return new GuardProblem(
                "`" + jar + "` is no ONNX runtime that runs here (" + cause + "); get it: " + GuardFiles.howToGet(jar));
    }

    /// Loads both itself, and everything else as always.
    private static final class Beside extends URLClassLoader {
        private Beside(Path jar) throws MalformedURLException {
            super(new URL[] {jar.toUri().toURL(), ours()}, OnnxRuntime.class.getClassLoader());
        }

        private static URL ours() {
            return OnnxRuntime.class.getProtectionDomain().getCodeSource().getLocation();
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean here = name.startsWith(THEIRS) || name.equals(OURS) || name.startsWith(OURS + "$");
            if (!here) return super.loadClass(name, resolve);
            synchronized (getClassLoadingLock(name)) {
                var known = findLoadedClass(name);
                return known != null ? known : findClass(name);
            }
        }

        // Resources too: the native libraries come from the operator's jar and from nowhere else.
        @Override
        public URL getResource(String name) {
            return name.startsWith("ai/onnxruntime/") ? findResource(name) : super.getResource(name);
        }
    }
}
