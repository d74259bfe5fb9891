package dev.masugata.net;

/// A message that is refused before anybody sees it: the status to answer with, and why. It never repeats the input.
final class Malformed extends Exception {
    final int status;

    Malformed(int status, String why) {
        super(why, null, false, false);
        this.status = status;
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
