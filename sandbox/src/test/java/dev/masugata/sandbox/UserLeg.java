package dev.masugata.sandbox;

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.io.PrintWriter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/// Runs the tests of this room in this process and ends with 1 if one failed, or if too few ran.
final class UserLeg {
    /// A leg that found nothing to do has proved nothing.
    private static final int FEWEST = 50;

    private UserLeg() {}

    public static void main(String[] arguments) {
        if (Standing.here() != Standing.ROOTLESS) {
            System.out.println("this process is " + Standing.here() + ", not an ordinary user's that can seal");
            System.exit(1);
        }
        var summary = new SummaryGeneratingListener();
        LauncherDiscoveryRequest all = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectPackage("dev.masugata.sandbox"))
                .filters(includeClassNamePatterns(".*Test"), TagFilter.excludeTags("legs"))
                .build();
        LauncherFactory.create().execute(all, summary, new Skipped());
        var result = summary.getSummary();
        result.printFailuresTo(new PrintWriter(System.out), 12);
        System.out.println(
                "as an ordinary user: " + result.getTestsSucceededCount() + " passed, " + result.getTestsFailedCount()
                        + " failed, in " + (result.getTimeFinished() - result.getTimeStarted()) + " ms");
        System.exit(result.getTotalFailureCount() == 0 && result.getTestsSucceededCount() >= FEWEST ? 0 : 1);
    }

    /// Says what did not run.
    private static final class Skipped implements TestExecutionListener {
        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            System.out.println("not for an ordinary user: " + test.getDisplayName());
        }
    }
}
