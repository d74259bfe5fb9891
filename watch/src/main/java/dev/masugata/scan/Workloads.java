package dev.masugata.scan;

import com.google.re2j.Pattern;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where agents and models run: Dockerfiles, compose files, manifests of Kubernetes.
final class Workloads {
    private static final Pattern DOCKERFILE = Pattern.compile("^(?:.*\\.)?(?:Dockerfile|Containerfile)(?:\\..*)?$");
    private static final Pattern COMPOSE = Pattern.compile("^(?:docker-)?compose(?:[.-].*)?\\.ya?ml$");
    private static final Pattern KUBERNETES = Pattern.compile("(?m)^apiVersion:");

    private final Scene scene;
    private final Texts texts;
    private final Containers containers;

    Workloads(Scene scene, Texts texts) {
        this.scene = scene;
        this.texts = texts;
        this.containers = new Containers(scene);
    }

    boolean takes(String leaf) {
        return DOCKERFILE.matcher(leaf).find() || leaf.endsWith(".yaml") || leaf.endsWith(".yml");
    }

    void look(Source source) {
        var leaf = source.leaf();
        if (DOCKERFILE.matcher(leaf).find()) dockerfile(source);
        else if (COMPOSE.matcher(leaf).find()) trees(source, true);
        else if (!leaf.equals("pnpm-lock.yaml") && KUBERNETES.matcher(source.text()).find()) trees(source, false);
    }

    private void trees(Source source, boolean compose) {
        try {
            var exposed = new ArrayList<Json.Obj>();
            var trees = Document.yaml(source.text());
            for (var tree : trees) if (tree instanceof Json.Obj one && !compose) exposed.add(one);
            for (var tree : trees) {
                if (!(tree instanceof Json.Obj one)) continue;
                if (compose) compose(one, source);
                else kubernetes(one, exposed, source);
            }
        } catch (Unreadable bad) {
            // Templates of charts are no YAML before they are filled in: nothing is wrong with them.
            scene.found().unread(source.name(), bad.why());
        }
    }

    private void compose(Json.Obj file, Source source) {
        file.object("services").members().forEach((name, value) -> {
            if (!(value instanceof Json.Obj service)) return;
            boolean open = service.items("ports").stream().map(Tree::word).anyMatch(Workloads::everywhere)
                    || service.string("network_mode").filter("host"::equals).isPresent();
            containers.look(source, name, List.of("services", name), service.string("image").orElse(""), open,
                    service.isTrue("privileged"),
                    service.string("network_mode").filter("host"::equals).isPresent() || service.string("pid")
                            .filter("host"::equals).isPresent(),
                    Tree.word(service.at("volumes").orElse(Json.NULL)),
                            environment(service.at("environment").orElse(Json.NULL)),
                    Tree.word(service.at("cap_add").orElse(Json.NULL)), service.string("user").orElse(""));
        });
    }

    /// `11434:11434` is every address; `127.0.0.1:11434:11434` is not.
    private static boolean everywhere(String port) {
        return port.contains(":") && !port.startsWith("127.") && !port.startsWith("[::1]")
                && !port.startsWith("localhost");
    }

    private static Map<String, String> environment(Json told) {
        var environment = new HashMap<String, String>();
        switch (told) {
            case Json.Obj object -> object.members().forEach((name, value) -> environment.put(name, Tree.word(value)));
            case Json.Arr list -> list.items().forEach(it -> {
                var word = Tree.word(it);
                int equals = word.indexOf('=');
                if (equals > 0) environment.put(word.substring(0, equals), word.substring(equals + 1));
                else if (it instanceof Json.Obj one)
                    one.string("value").ifPresent(value -> environment.put(one.string("name").orElse(""), value));
            });
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> {}
        }
        return environment;
    }

    private void kubernetes(Json.Obj one, List<Json.Obj> all, Source source) {
        var name = one.object("metadata").string("name").orElse("unnamed");
        for (var way : List.of("spec", "spec.template.spec", "spec.jobTemplate.spec.template.spec"))
            for (var place : Tree.at(one, way)) {
                if (!(place.value() instanceof Json.Obj pod) || pod.items("containers").isEmpty()) continue;
                boolean open = all.stream().anyMatch(it -> serves(it, one));
                for (var each : pod.items("containers"))
                    if (each instanceof Json.Obj container) container(container, pod, name, open, place, source);
            }
        if (one.string("kind").orElse("").matches("(?:Cluster)?Role"))
            scene.judge().look(new Subject("role", "", scene.owner(), source.name(), source.text(), List.of(name),
                    one));
    }

    /// A service that is reached from outside and selects these labels.
    private static boolean serves(Json.Obj service, Json.Obj workload) {
        var type = service.object("spec").string("type").orElse("");
        if (!type.equals("LoadBalancer") && !type.equals("NodePort")) return false;
        var wanted = service.object("spec").object("selector").members();
        var template = workload.object("spec").object("template").object("metadata").object("labels").members();
        var labels = template.isEmpty() ? workload.object("metadata").object("labels").members() : template;
        return !wanted.isEmpty() && labels.entrySet().containsAll(wanted.entrySet());
    }

    private void container(Json.Obj container, Json.Obj pod, String name, boolean open, Tree.Place place,
            Source source) {
        var security = container.object("securityContext");
        boolean host = pod.isTrue("hostNetwork") || pod.isTrue("hostPID") || pod.isTrue("hostIPC");
        var mounts = String.join(" ", Tree.at(pod, "volumes.*.hostPath.path").stream().map(it -> Tree.word(it.value()))
                .toList());
        var path = new ArrayList<>(place.path());
        path.add("containers");
        path.add(container.string("name").orElse(""));
        containers.look(source, name, path, container.string("image").orElse(""), open, security.isTrue("privileged"),
                host,
                mounts, environment(container.at("env").orElse(Json.NULL)),
                Tree.word(security.object("capabilities").at("add").orElse(Json.NULL)),
                security.integer("runAsUser").map(Object::toString).orElse(""));
    }

    private void dockerfile(Source source) {
        var workload = scene.found().add("Workload", "workload:" + source.name(), source.leaf(),
                Map.of("file", source.name()));
        scene.found().relate("RUNS", scene.owner().id(), workload.id());
        texts.read("dockerfile", workload, source.name(), source.text());
        int number = 0;
        for (var line : source.text().lines().toList()) {
            number++;
            var words = line.strip().split("[\\s=]+", 3);
            if (words[0].equalsIgnoreCase("FROM") && words.length > 1) containers.image(words[1], workload, source,
                    number);
            if ((words[0].equalsIgnoreCase("ENV") || words[0].equalsIgnoreCase("ARG")) && words.length == 3) {
                var type = Secrets.type(words[1], words[2].replaceAll("^[\"']|[\"']$", ""));
                if (type.isPresent()) containers.key(type.get(), words[1], workload, source);
            }
        }
    }
}
