/// What `scan` and its neighbours keep, ignore, mend and print.
@NullMarked
package dev.masugata.app.scan;

import org.jspecify.annotations.NullMarked;
