/// Firewall rules as others write them, and what they mean as an allow list.
@NullMarked
package dev.masugata.app.terraform;

import org.jspecify.annotations.NullMarked;
