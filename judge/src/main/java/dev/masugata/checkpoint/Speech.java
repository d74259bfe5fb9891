package dev.masugata.checkpoint;

/// How a server is spoken to.
///
/// @param revision of MCP, such as `2025-11-25`
/// @param modern   true from 2026-07-28 on: every request says itself who speaks and in which revision; before, a
///     handshake said it once
public record Speech(String revision, boolean modern) {}
