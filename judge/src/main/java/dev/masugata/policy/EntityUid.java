package dev.masugata.policy;

/// An entity's name in Cedar: `Tool::"files/read_file"`.
public record EntityUid(String type, String id) {
    @Override
    public String toString() {
        return type + "::\"" + id.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
