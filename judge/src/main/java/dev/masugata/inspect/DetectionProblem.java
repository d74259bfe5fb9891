package dev.masugata.inspect;

/// An entry of the catalog that cannot be used: where, and what is wrong.
public final class DetectionProblem extends RuntimeException {
    public DetectionProblem(String message) {
        super(message);
    }
}
