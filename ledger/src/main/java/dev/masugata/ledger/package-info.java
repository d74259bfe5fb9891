/// The append-only history with proofs, its erasable payloads, the states folded from it, and its followers.
@NullMarked
package dev.masugata.ledger;

import org.jspecify.annotations.NullMarked;
