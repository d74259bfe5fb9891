package dev.masugata.scan;

/// A file is not what its name says; the message is the place and the reason.
final class Unreadable extends Exception {
    Unreadable(String why) {
        super(why, null, false, false);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
