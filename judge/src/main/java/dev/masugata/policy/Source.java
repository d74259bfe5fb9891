package dev.masugata.policy;

/// One file of Cedar text, and where in it an offset is.
public record Source(String file, String text) {
    PolicyProblem problem(int offset, String message) {
        int line = 1;
        int begin = 0;
        for (int i = 0; i < Math.min(offset, text.length()); i++)
            if (text.charAt(i) == '\n') {
                line++;
                begin = i + 1;
            }
        return new PolicyProblem(file, line, offset - begin + 1, message);
    }
}
