package dev.masugata.inspect;

/// The last places where something stood, to tell many near one another from a few in a long text.
///
/// What it says of a place depends on what stands shortly before it and on nothing else, so that a text that comes in
/// pieces is read like the whole.
final class Recent {
    /// Characters that count as near.
    static final int NEAR = 200;

    private final int[] places;
    private int count;

    /// @param many so many near one another are many
    Recent(int many) {
        places = new int[many];
    }

    /// Something stands at a place behind all that were told before.
    /// @return where the first of the many stands that end here, or -1 if there are not so many near
    int at(int place) {
        places[count++ % places.length] = place;
        if (count < places.length) return -1;
        int first = places[count % places.length];
        return place - first <= NEAR ? first : -1;
    }
}
