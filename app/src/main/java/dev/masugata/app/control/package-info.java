/// Between the command line and the gate: frames over a unix socket that only this user may open.
@NullMarked
package dev.masugata.app.control;

import org.jspecify.annotations.NullMarked;
