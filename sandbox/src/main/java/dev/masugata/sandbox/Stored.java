package dev.masugata.sandbox;

import java.nio.file.Path;

/// A session's record on disk: enough to review it after its end and after a restart of the gate.
///
/// @param workspace the real directory it works on
/// @param device of the workspace when the session began, with `inode`: another directory there is another workspace
/// @param uid the workspace's owner, who will own what is applied, with `gid`
/// @param started by the clock that stamps files, in nanoseconds since the epoch: what changed later was not seen
public record Stored(String id, Path workspace, long device, long inode, int uid, int gid, long started) {}
