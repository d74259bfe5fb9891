/// Configuration: read strictly, once, with a place for every mistake.
@NullMarked
package dev.masugata.app.config;

import org.jspecify.annotations.NullMarked;
