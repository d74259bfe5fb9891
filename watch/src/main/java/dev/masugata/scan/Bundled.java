package dev.masugata.scan;

import dev.masugata.model.Asset;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/// What lies in a skill's directory and is no text: compiled files, archives, programs under another name.
final class Bundled {
    /// Entries of one archive that are looked at.
    static final int ENTRIES = 2_000;
    /// Bytes that all entries of one archive may unpack to.
    static final long UNPACKED_BYTES = 16L * 1024 * 1024;

    private static final Set<String> PROGRAMS = Set.of("so", "dll", "dylib", "exe", "node", "bin", "o", "a", "");
    private static final Set<String> DOCUMENTS = Set.of("docx", "xlsx", "pptx", "odt", "ods", "odp", "epub");
    private static final Set<String> ARCHIVES = Set.of("zip", "jar", "whl", "skill");
    /// Names that do what a reader of the source would want to know.
    private static final Set<String> TELLING = Set.of(
            "urlopen", "urllib", "requests", "socket", "subprocess", "system", "popen", "exec", "eval", "environ",
            "getenv", "b64decode", "httpx", "paramiko", "ctypes", "marshal");

    private final Scene scene;

    Bundled(Scene scene) {
        this.scene = scene;
    }

    /// True if it was such a file.
    boolean look(Source source, Asset skill) {
        var ending = Skills.ending(source.leaf());
        if (ending.equals("pyc")) {
            compiled(source, skill);
            return true;
        }
        if (starts(source, "PK\3\4") && (DOCUMENTS.contains(ending) || ARCHIVES.contains(ending))) {
            archive(source, skill, DOCUMENTS.contains(ending));
            return true;
        }
        boolean program = starts(source, "\u007fELF") || starts(source, "MZ") && source.binary() || macho(source);
        if (program) {
            if (!PROGRAMS.contains(ending)) weak("EVA-008", skill, source, "a program named `." + ending + "`");
            else weak("EVA-012", skill, source, "");
        } else if (starts(source, "PK\3\4") && !ending.isEmpty()) weak("EVA-008", skill, source, "an archive named `."
                + ending + "`");
        return program;
    }

    private void weak(String check, Asset skill, Source source, String what) {
        scene.judge().weak(check, skill, source.name(), 0, what);
    }

    private static boolean starts(Source source, String magic) {
        var bytes = magic.getBytes(StandardCharsets.ISO_8859_1);
        if (source.bytes().length < bytes.length) return false;
        for (int i = 0; i < bytes.length; i++) if (source.bytes()[i] != bytes[i]) return false;
        return true;
    }

    private static boolean macho(Source source) {
        return starts(source, "\u00cf\u00fa\u00ed\u00fe") || starts(source, "\u00fe\u00ed\u00fa\u00cf");
    }

    /// A compiled file says what runs; a source beside it says what people read. Each name that matters in the one is
    /// in the other, or they are not the same program.
    private void compiled(Source source, Asset skill) {
        var text = beside(source.path());
        if (text.isEmpty()) {
            weak("EVA-007", skill, source, "no source beside it");
            return;
        }
        for (var name : names(source.bytes()).filter(TELLING::contains).toList())
            if (!text.get().contains(name)) {
                weak("EVA-007", skill, source, "`" + name + "` is not in its source");
                return;
            }
    }

    private Optional<String> beside(Path compiled) {
        var leaf = compiled.getFileName().toString();
        var name = leaf.substring(0, leaf.indexOf('.')) + ".py";
        var parent = compiled.getParent();
        var places = parent == null ? java.util.List.<Path>of()
                : java.util.List.of(parent.resolve(name), parent.resolveSibling(name));
        for (var place : places) {
            if (!Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) continue;
            try (var in = Files.newInputStream(place, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(new String(in.readNBytes(ScanLimits.FILE_BYTES), StandardCharsets.UTF_8));
            } catch (IOException unreadable) {
                scene.found().unread(place.toString(), "cannot be read");
            }
        }
        return Optional.empty();
    }

    /// Words of letters in it, each as Python keeps names: in ASCII.
    private static java.util.stream.Stream<String> names(byte[] bytes) {
        return java.util.Arrays.stream(new String(bytes, StandardCharsets.ISO_8859_1).split("[^A-Za-z0-9_]+"))
                .map(it -> it.toLowerCase(Locale.ROOT)).flatMap(it ->
                        java.util.stream.Stream.of(it, it.substring(Math.min(1, it.length()))))
                .distinct();
    }

    /// Names only: nothing is unpacked to a disk. A bomb ends at a bound and is named.
    private void archive(Source source, Asset skill, boolean document) {
        long bytes = 0;
        int entries = 0;
        try (var zip = new ZipInputStream(new ByteArrayInputStream(source.bytes()))) {
            var buffer = new byte[8192];
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (++entries > ENTRIES) {
                    beyond(source, skill, "more than " + ENTRIES + " entries");
                    return;
                }
                var name = entry.getName();
                if (name.startsWith("/") || name.contains("..")) weak("EVA-010", skill, source, name);
                if (Skills.script(name) || name.endsWith(".exe") || name.toLowerCase(Locale.ROOT)
                        .contains("vbaproject"))
                    weak("EVA-008", skill, source, name);
                for (int n = zip.read(buffer); n >= 0; n = zip.read(buffer)) {
                    bytes += n;
                    if (bytes > UNPACKED_BYTES) {
                        beyond(source, skill, "it unpacks to more than " + UNPACKED_BYTES + " bytes");
                        return;
                    }
                }
            }
        } catch (ZipException locked) {
            weak(String.valueOf(locked.getMessage()).contains("encrypted") ? "SKL-002" : "EVA-011", skill, source, "");
        } catch (IOException | IllegalArgumentException broken) {
            beyond(source, skill, "a broken archive");
        }
    }

    private void beyond(Source source, Asset skill, String why) {
        scene.found().unread(source.name(), why);
        weak("EVA-011", skill, source, "");
    }
}
