/// Requests of agents to the network, to Action and back. Nothing is decided here.
@NullMarked
package dev.masugata.gates.egress;

import org.jspecify.annotations.NullMarked;
