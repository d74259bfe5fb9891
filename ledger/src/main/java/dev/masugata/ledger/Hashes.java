package dev.masugata.ledger;

/// Where the stored hashes of a tree are read from.
interface Hashes {
    /// `count` hashes of a level, one after the other, from the `from`th on. At level 0 stand the leaves; a hash of
    /// level n covers 256 to the power of n leaves, all there. All of them lie in one tile.
    ///
    /// @throws Unreadable when one of them is not stored
    byte[] slice(int level, long from, int count);
}
