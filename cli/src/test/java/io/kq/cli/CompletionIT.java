package io.kq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kq.cli.fake.CommandRun;
import io.kq.cli.fake.FakeCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script in a real bash, with a function in the place of kq that knows two topics. */
class CompletionIT {

    @TempDir private Path directory;

    @BeforeEach
    void writeScript() throws IOException {
        assumeTrue(Files.exists(Path.of("/bin/bash")));
        CommandRun run = CommandRun.against(new FakeCluster()).run("completion bash");
        assertThat(run.exitCode()).isZero();
        Files.writeString(directory.resolve("kq.bash"), run.out());
    }

    /** What is offered for the last of these words. */
    private List<String> offered(String... words) throws IOException, InterruptedException {
        String script =
                "source "
                        + directory.resolve("kq.bash")
                        + "\nkq() { echo \"$*\" >> "
                        + directory.resolve("calls")
                        + "; printf 'first_topic\\nother\\n'; }\n"
                        + "COMP_WORDS=(\"$@\")\nCOMP_CWORD=$(($# - 1))\n_kq\n"
                        + "printf '%s\\n' \"${COMPREPLY[@]}\"\n";
        List<String> command = new ArrayList<>(List.of("/bin/bash", "-c", script, "x"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out.lines().filter(line -> !line.isEmpty()).toList();
    }

    @Test
    void offersCommandsThenTheirOptions() throws Exception {
        assertThat(offered("kq", "")).contains("topics", "produce", "consume", "cluster", "perf");
        assertThat(offered("kq", "cons")).containsExactly("consume");
        assertThat(offered("kq", "cluster", "")).contains("status", "health", "id");
        assertThat(offered("kq", "cluster", "status", "--req"))
                .containsExactly("--request-timeout");
        assertThat(offered("kq", "-b", "a:1", "topics", "--und"))
                .containsExactly("--under-min-isr-partitions", "--under-replicated-partitions");
        assertThat(offered("kq", "topics", "-o", "j")).containsExactly("json", "jsonl");
        assertThat(offered("kq", "node", "d")).containsExactly("drain", "decommission");
        assertThat(offered("kq", "reassign", "--ex"))
                .containsExactlyInAnyOrder("--exclude", "--execute");
        assertThat(offered("kq", "leaders", "--election-type", ""))
                .containsExactly("preferred", "unclean");
        assertThat(offered("kq", "completion", "")).containsExactly("bash", "zsh");
    }

    @Test
    void offersTheTopicsOfTheClusterThatIsOnTheLine() throws Exception {
        assertThat(offered("kq", "-b", "a:1", "consume", "--topic", "f"))
                .containsExactly("first_topic");
        assertThat(Files.readString(directory.resolve("calls")))
                .contains("topics --list -o name", "-b a:1");
    }

    @Test
    void neverOffersWhatIsHidden() throws Exception {
        assertThat(offered("kq", "configs", "--entity-d")).isEmpty();
    }
}
