/// What lies beneath the writing of a text: its folded shadow and what is encoded in it, each with the way back.
@NullMarked
package dev.masugata.text;

import org.jspecify.annotations.NullMarked;
