/// The gate under load, beside what else could stand in its place.
@NullMarked
package dev.masugata.app.bench;

import org.jspecify.annotations.NullMarked;
