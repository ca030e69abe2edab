package io.kq.cli.configs;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.Session;
import io.kq.client.admin.ConfigResource;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code --alter}: all changes or none. */
final class ConfigAlteration {

    private final Session session;
    private final ChangeOptions options;

    ConfigAlteration(Session session, ChangeOptions options) {
        this.session = session;
        this.options = options;
    }

    void run(ConfigResource resource) {
        Map<String, Optional<String>> changes = options.all();
        List<String> warnings;
        try {
            warnings =
                    session.await(session.admin().alterConfigs(resource, changes, options.dryRun));
        } catch (RejectedException e) {
            throw explained(e, resource);
        }
        warnings.forEach(warning -> session.notice("WARNING: " + warning));
        print(resource, changes, warnings);
        if (options.dryRun) {
            session.notice("Dry run: nothing changed. Leave --dry-run out to change it.");
        }
    }

    private CommandFailure explained(RejectedException e, ConfigResource resource) {
        if (e.code() == ErrorCode.TOPIC_NOT_FOUND) {
            return Explanation.noTopic(session, e, resource.name(), "kq topics --list");
        }
        boolean aboutConfig =
                e.code() == ErrorCode.INVALID_CONFIG || e.code() == ErrorCode.UNKNOWN_CONFIG;
        if (resource.type() == ConfigResource.Type.BROKER && aboutConfig) {
            return CommandFailure.from(e)
                    .next(
                            "kq configs --describe --entity-type brokers --entity-name "
                                    + resource.name()
                                    + " --all (shows what it runs with)");
        }
        return Explanation.of(e);
    }

    private void print(
            ConfigResource resource, Map<String, Optional<String>> changes, List<String> warnings) {
        switch (session.format()) {
            case JSON, JSONL -> {
                JsonText json = new JsonText();
                json.beginObject();
                json.name("resource");
                ConfigListing.write(json, resource);
                json.name("changes")
                        .array(
                                changes.entrySet(),
                                change ->
                                        json.beginObject()
                                                .name("name")
                                                .value(change.getKey())
                                                .name("value")
                                                .value(change.getValue().orElse(null))
                                                .endObject());
                json.name("changed").value(!options.dryRun);
                json.name("warnings").array(warnings, json::value);
                session.terminal().println(json.endObject().toString());
            }
            case NAME -> session.terminal().println(resource.name());
            case TABLE, WIDE -> {
                if (!options.dryRun) {
                    session.terminal()
                            .println(
                                    "Completed updating config for "
                                            + ConfigListing.text(resource)
                                            + ".");
                }
            }
        }
    }
}
