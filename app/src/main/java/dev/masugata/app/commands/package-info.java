/// What people type: each command is one class, named in [Commands].
@NullMarked
package dev.masugata.app.commands;

import org.jspecify.annotations.NullMarked;
