package dev.masugata.inspect;

import dev.masugata.inspect.Shell.Command;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// What a command would do that hardly anybody wants an agent to do.
final class Dangers {
    private static final Set<String> PLACES = Set.of(
            "/", "/*", "~", "~/", "~/*", "$HOME", "${HOME}", "$HOME/", "$HOME/*", "${HOME}/*", "*", ".", "./", "./*",
            "..", "../", ".*", "/.", "--no-preserve-root");
    private static final Pattern SYSTEM_PLACE = Pattern.compile(
            "/+(?:bin|boot|dev|etc|home|lib|lib64|opt|root|sbin|srv|sys|usr|var|Users|System|Library|home/[^/*]+"
                    + "|Users/[^/*]+)(?:/+|/+\\*)?");
    private static final Set<String> FETCHERS = Set.of(
            "curl", "wget", "fetch", "http", "aria2c", "lwp-download");
    private static final Set<String> DECODERS = Set.of(
            "base64", "base32", "xxd", "openssl", "gunzip", "zcat", "rev", "tr");
    private static final Pattern KEY_FILE = Pattern.compile(
            "(?:.*/|~/?|\\$HOME/|@)?(?:\\.ssh/(?:id_\\w+|[\\w-]+_key|[\\w.-]*\\.pem|\\*)|\\.ssh/?"
                    + "|\\.aws/credentials|\\.netrc|\\.pgpass"
                    + "|\\.git-credentials|\\.docker/config\\.json|\\.kube/config|\\.npmrc|\\.pypirc|\\.gnupg(?:/.*)?)"
                    + "|@?/etc/(?:shadow|gshadow|sudoers)|@?/proc/(?:self|[0-9]+|\\*)/environ");
    private static final Set<String> READERS = Set.of(
            "cat", "less", "more", "head", "tail", "cp", "scp", "rsync", "tar", "zip", "base64", "xxd", "od",
            "hexdump", "strings", "curl", "wget", "nc", "ncat", "grep", "awk", "sed", "dd", "tac", "nl", "mv",
            "openssl", "gpg", "python", "python3", "type", "bat", "vim");
    private static final Pattern DISK = Pattern.compile("/dev/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|mapper/|dm-|md"
            + "|loop)[\\w/-]*");

    private static final Pattern STARTED = Pattern.compile(
            "(?:.*/)?(?:\\.ssh/)?authorized_keys2?|/etc/cron.*|/var/spool/cron.*"
                    + "|/etc/(?:rc\\.local|profile|ld\\.so\\.preload|passwd|sudoers(?:\\.d/.*)?)|/etc/systemd/system/.*"
                    + "|(?:~|\\$HOME|/root|/home/[^/]+)/\\.(?:bashrc|zshrc|profile|bash_profile)");
    private static final Pattern RECORDS = Pattern.compile(
            ".*/\\.(?:bash|zsh)_history|/var/log(?:/(?:auth\\.log|wtmp|btmp|syslog|\\*)?)?");

    private static final Pattern SOCKET = Pattern.compile("/dev/(?:tcp|udp)/[\\w.:-]+/[0-9]+");

    private Dangers() {}

    /// Any of these.
    static boolean any(List<Command> all, int at) {
        var it = all.get(at);
        return wipes(it) || runsFetched(all, at) || runsDecoded(all, at) || runsSubstituted(it) || overwritesDisk(it)
                || opensUp(it) || readsKeys(it) || opensShell(it) || staysOn(it) || hidesTracks(it);
    }

    /// `rm -rf` of a root, a home, everything here.
    static boolean wipes(Command it) {
        if (it.program().equals("find")) {
            boolean all = it.arguments().stream().anyMatch(Dangers::isPlace);
            return all && it.words().contains("-delete") && !it.words().contains("-name");
        }
        if (!it.program().equals("rm")) return false;
        boolean recursive = it.arguments().stream()
                .anyMatch(word -> word.matches("-[a-zA-Z]*[rR][a-zA-Z]*|--recursive"));
        return recursive && it.arguments().stream().anyMatch(Dangers::isPlace);
    }

    private static boolean isPlace(String word) {
        return PLACES.contains(word) || SYSTEM_PLACE.matcher(word).matches() || word.equals("--no-preserve-root");
    }

    /// What comes from elsewhere is run unread: `curl x | sh`, `sh -c "$(wget ...)"`.
    static boolean runsFetched(List<Command> all, int at) {
        return FETCHERS.contains(all.get(at).program()) && goesToShell(all, at);
    }

    /// What was written so that nobody can read it is run: `base64 -d | sh`.
    static boolean runsDecoded(List<Command> all, int at) {
        var it = all.get(at);
        boolean decodes = DECODERS.contains(it.program())
                && it.arguments().stream().anyMatch(word -> word.matches("-[a-zA-Z]*[dDr][a-zA-Z]*|--decode"));
        return (decodes || it.program().equals("rev")) && goesToShell(all, at);
    }

    private static boolean goesToShell(List<Command> all, int at) {
        for (int next = at; next + 1 < all.size() && all.get(next).piped(); next++)
            if (all.get(next + 1).fed() && Prefixes.isShell(all.get(next + 1).program())) return true;
        return false;
    }

    /// A shell that takes its words from a fetch: `bash <(curl ...)`, `sh -c "$(curl ...)"`, `eval "$(curl ...)"`.
    static boolean runsSubstituted(Command it) {
        if (!Prefixes.isShell(it.program())) return false;
        return it.arguments().stream().anyMatch(word -> word.matches("(?s)[$<`]\\(? *(?:curl|wget) .*"));
    }

    /// A disk is written over: `dd of=/dev/sda`, `mkfs`, `> /dev/sda`.
    static boolean overwritesDisk(Command it) {
        return switch (it.program()) {
            case "dd" -> it.arguments().stream().anyMatch(word -> word.startsWith("of=")
                    && DISK.matcher(word.substring(3)).matches());
            case "shred", "wipefs", "blkdiscard", "sgdisk" -> namesDisk(it);
            default -> it.program().startsWith("mkfs") && namesDisk(it) || it.targets().stream()
                    .anyMatch(to -> DISK.matcher(to).matches());
        };
    }

    private static boolean namesDisk(Command it) {
        return it.arguments().stream().anyMatch(word -> DISK.matcher(word).matches());
    }

    /// It lets everybody write, or anybody be root.
    static boolean opensUp(Command it) {
        if (!it.program().equals("chmod")) return false;
        boolean everybody = it.arguments().stream().anyMatch(word -> word.matches("0?777|[oa]?\\+rwx|a=rwx"));
        boolean setuid = it.arguments().stream()
                .anyMatch(word -> word.matches("[ugoa]*\\+[rwxt]*s[rwx]*|[246][0-7]{3}"));
        boolean wide = it.arguments().stream().anyMatch(word -> word.matches("-[a-zA-Z]*R.*|--recursive")
                || isPlace(word));
        return setuid || everybody && wide;
    }

    /// History that others have is written anew.
    static boolean rewritesHistory(Command it) {
        if (!it.program().equals("git")) return false;
        var words = it.arguments();
        boolean forced = words.stream().anyMatch(word -> word.equals("--force") || word.equals("--mirror")
                || word.matches("-[a-eg-z]*f[a-z]*") || word.matches("\\+[\\w/.-]+(?::.*)?"));
        return words.contains("push") && (forced || words.contains("--delete") && words.contains("main"))
                || words.contains("filter-branch") || words.contains("filter-repo")
                || words.contains("reflog") && words.contains("expire");
    }

    /// Files that only their owner's programs have to read.
    static boolean readsKeys(Command it) {
        boolean named = it.arguments().stream().anyMatch(word -> KEY_FILE
                .matcher(word.replace("of=", "").replace("if=", "")).matches());
        if (it.program().equals("chmod") || it.program().equals("mkdir") || it.program().equals("ls")) return false;
        boolean half = it.arguments().stream().anyMatch(word -> word.endsWith(".pub"));
        if (half || it.program().startsWith("ssh")) return false;
        return named && READERS.contains(it.program());
    }

    /// A shell goes to where nobody sees it: `nc -e`, `bash -i >& /dev/tcp/...`.
    static boolean opensShell(Command it) {
        boolean socket = it.words().stream().anyMatch(word -> SOCKET.matcher(word).find())
                || it.targets().stream().anyMatch(to -> to.matches("&?/dev/(?:tcp|udp)/.*"));
        if (socket) return true;
        return switch (it.program()) {
            case "nc", "ncat", "netcat" -> it.arguments().stream().anyMatch(word ->
                    word.matches("-[a-zA-Z]*[ec]|--exec|--sh-exec"))
                    && it.arguments().stream().anyMatch(word -> word.matches("(?:.*/)?(?:sh|bash|zsh|cmd\\.exe)"));
            case "socat" -> it.arguments().stream().anyMatch(word -> word.toLowerCase(Locale.ROOT)
                    .matches("(?:exec|system):.*sh.*"));
            default -> it.words().stream().anyMatch(word -> word.contains("socket") && word.contains("dup2")
                    || word.contains("TCPSocket") && word.contains("exec") || word.contains("fsockopen")
                            && word.contains("exec"));
        };
    }

    /// It will run again when nobody looks: crontab, authorized keys, the files that shells and systems read at start.
    static boolean staysOn(Command it) {
        boolean tee = it.program().equals("tee") || it.program().equals("cp") || it.program().equals("mv");
        boolean last = tee && !it.arguments().isEmpty() && STARTED.matcher(it.words().getLast()).matches();
        boolean cron = it.program().equals("crontab") && !it.arguments().isEmpty()
                && !List.of("-l", "-e", "-r", "-u").contains(it.words().get(1));
        return last || cron || it.targets().stream().anyMatch(to -> STARTED.matcher(to).matches());
    }

    /// It hides what was done.
    static boolean hidesTracks(Command it) {
        boolean removes = Set.of("rm", "shred", "truncate").contains(it.program());
        return it.program().equals("history") && it.words().contains("-c")
                || it.program().equals("unset") && it.words().contains("HISTFILE")
                || it.targets().stream().anyMatch(to -> RECORDS.matcher(to).matches())
                || removes && it.arguments().stream().anyMatch(to -> RECORDS.matcher(to).matches());
    }
}
