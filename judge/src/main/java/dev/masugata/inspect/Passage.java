package dev.masugata.inspect;

import dev.masugata.model.Channel;
import dev.masugata.text.Layers;

/// One string of an action, read once for all detectors.
///
/// @param place where it stands, as a JSON Pointer (RFC 6901); with `#` at the end it is the name of that member
public record Passage(Channel channel, String place, Layers layers) {}
