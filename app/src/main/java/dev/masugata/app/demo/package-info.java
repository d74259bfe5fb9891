/// The same scripted agent twice: without Masugata, and with it.
@NullMarked
package dev.masugata.app.demo;

import org.jspecify.annotations.NullMarked;
