package dev.masugata.app.replay;

/// So many of so many, with the interval in which the true share lies with 95 % (Wilson 1927).
record Share(int some, int of) {
    private static final double Z = 1.959964;

    double share() {
        return of == 0 ? 0 : (double) some / of;
    }

    double low() {
        return of == 0 ? 0 : Math.max(0, middle() - half());
    }

    double high() {
        return of == 0 ? 1 : Math.min(1, middle() + half());
    }

    private double middle() {
        return (share() + Z * Z / (2 * of)) / (1 + Z * Z / of);
    }

    private double half() {
        double p = share();
        return Z / (1 + Z * Z / of) * Math.sqrt(p * (1 - p) / of + Z * Z / (4.0 * of * of));
    }

    /// `0.013 [0.008, 0.022] 14/1080`.
    @Override
    public String toString() {
        return String.format("%.3f [%.3f, %.3f] %d/%d", share(), low(), high(), some, of);
    }
}
