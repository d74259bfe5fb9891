package dev.masugata.model;

import dev.masugata.wire.Json;
import java.time.Instant;
import java.util.List;

/// What happened: the only history there is.
///
/// The record proper holds names, digests and decisions. What could hold a person's data (arguments, notes) is the
/// payload: kept apart, erasable, and bound to the record by a keyed hash only.
public sealed interface Event {
    /// The session it happened in; empty where there was none.
    String session();

    /// The id of the principal that caused it.
    String principal();

    /// What may be erased; [Json#NULL] where there is nothing of the kind.
    default Json payload() {
        return Json.NULL;
    }

    /// True if it can move a later decision towards allow. Such an event is believed only with a valid MAC.
    default boolean widens() {
        return false;
    }

    /// An action arrived at a gate.
    ///
    /// @param digest SHA-256 of the canonical action, hex
    record Asked(String session, String principal, Action.Kind kind, String target, String digest, Json payload)
            implements Event {}

    /// An action was decided. Durable before the first byte leaves.
    ///
    /// @param asked    the sequence number of the [Asked]
    /// @param policy   the digest of the policy set that decided
    /// @param approval the approval that this decision used up or leaned on, such as `a-12`; else empty
    record Decided(
            String session,
            String principal,
            long asked,
            Action.Kind kind,
            String target,
            String digest,
            Outcome outcome,
            List<Reason> because,
            String policy,
            String approval)
            implements Event {
        public Decided {
            because = List.copyOf(because);
        }
    }

    /// A person is asked. The approval's id is `a-` and this event's sequence number.
    ///
    /// @param covers  digest of all that the approval covers: session, principal, action, pin, policies
    /// @param because the holding policies; an approval lifts these and no other
    record Held(
            String session,
            String principal,
            long asked,
            Action.Kind kind,
            String target,
            String covers,
            String question,
            List<Reason> because,
            Instant expires,
            Json payload)
            implements Event {
        public Held {
            because = List.copyOf(because);
        }
    }

    /// A person answered.
    ///
    /// @param held  the sequence number of the [Held]
    /// @param until until when every equal action is covered; equal to the time of the event: once
    /// @param times how often it may serve; 0: as often as asked until `until`
    record Answered(String session, String principal, long held, boolean approved, Instant until, int times, Json payload)
            implements Event {
        @Override
        public boolean widens() {
            return approved;
        }
    }

    /// An action that was let through came to its end.
    ///
    /// @param outcome `ok`, `error`, `cancelled`, `not sent`, `withheld` (what came back was not let in)
    record Done(
            String session,
            String principal,
            long decided,
            String outcome,
            long bytesOut,
            long bytesIn,
            long micros,
            Json payload)
            implements Event {}

    /// Inspection or detection saw something.
    ///
    /// @param about the sequence number of the event it was seen in
    record Found(String session, String principal, long about, Finding finding) implements Event {}

    /// Something of ours changed.
    ///
    /// @param subject what sort of thing
    /// @param name    which one: a session id, `server/tool`, an agent, a policy digest
    /// @param change  what became of it, one word: `started`, `stopped`, `approved`, `revoked`, `raised`
    /// @param detail  facts about it that need not be erasable
    record Changed(
            String session, String principal, Subject subject, String name, String change, Json.Obj detail, Json payload)
            implements Event {
        @Override
        public boolean widens() {
            return switch (subject) {
                case PIN -> change.equals("approved");
                case SESSION -> change.equals("resumed");
                case AGENT -> change.equals("added");
                case GRANT -> change.equals("granted");
                case POLICY -> change.equals("live");
                case QUARANTINE -> change.equals("released");
                // What is settled below its reservation can be spent once more.
                case MONEY -> change.equals("settled");
                case LABEL, GATE, FILES, RECORD -> false;
            };
        }
    }

    /// What a [Changed] is about.
    enum Subject {
        SESSION, LABEL, PIN, AGENT, GRANT, POLICY, QUARANTINE,
        /// What a call costs: reserved before it leaves, settled when it has ended.
        MONEY,
        /// The gate process: started, stopped, drained.
        GATE,
        /// A session's changes to its workspace: applied, discarded.
        FILES,
        /// The record itself: erased, retained, anchored.
        RECORD;

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
