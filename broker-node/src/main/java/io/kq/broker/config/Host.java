package io.kq.broker.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The machine or pod that the node runs on.
 *
 * @param name short host name, for example {@code kq-2}
 * @param qualifiedName what others may reach it by
 * @param inPod whether Kubernetes started it
 */
public record Host(String name, String qualifiedName, boolean inPod) {

    private static final Pattern ORDINAL = Pattern.compile(".*?(\\d+)");

    /** This machine. May ask the resolver: slow where that is broken. */
    public static Host local(Map<String, String> environment) {
        boolean inPod = environment.containsKey("KUBERNETES_SERVICE_HOST");
        try {
            InetAddress address = InetAddress.getLocalHost();
            String name = environment.getOrDefault("HOSTNAME", address.getHostName());
            return new Host(name, address.getCanonicalHostName(), inPod);
        } catch (UnknownHostException e) {
            return new Host(environment.getOrDefault("HOSTNAME", "localhost"), "localhost", inPod);
        }
    }

    /** The number at the end of the host's name: a pod's ordinal. */
    public Optional<Integer> ordinal() {
        String first = name.indexOf('.') < 0 ? name : name.substring(0, name.indexOf('.'));
        Matcher matcher = ORDINAL.matcher(first);
        if (!matcher.matches() || matcher.group(1).length() > 6) {
            return Optional.empty();
        }
        return Optional.of(Integer.parseInt(matcher.group(1)));
    }
}
