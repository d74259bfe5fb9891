@NullMarked
package dev.masugata.ledger;

import org.jspecify.annotations.NullMarked;
