package dev.masugata.inspect;

import java.util.Map;

/// The scanners by the names that detections call them by.
final class Scanners {
    static final Map<String, Scanner> ALL = Map.ofEntries(
            Map.entry("address-carries", new CarryingLinks(CarryingLinks.In.LINK, 64)),
            Map.entry("assigned-drawn", new AssignedSecret(AssignedSecret.Grade.DRAWN, false)),
            Map.entry("assigned-likely", new AssignedSecret(AssignedSecret.Grade.LIKELY, false)),
            Map.entry("basic-auth", new BasicAuth()),
            Map.entry("cards", new Cards()),
            Map.entry("checksum-right", new ChecksummedToken(true)),
            Map.entry("checksum-wrong", new ChecksummedToken(false)),
            Map.entry("collector-host", new CarryingLinks(CarryingLinks.In.COLLECTOR, 0)),
            Map.entry("commands-decoded", new Commands(Dangers::runsDecoded)),
            Map.entry("commands-disk", Commands.each(Dangers::overwritesDisk)),
            Map.entry("commands-fenced", new FencedCommands()),
            Map.entry("commands-fetched", new Commands(Dangers::runsFetched)),
            Map.entry("commands-history", Commands.each(Dangers::rewritesHistory)),
            Map.entry("commands-keys", Commands.each(Dangers::readsKeys)),
            Map.entry("commands-open", Commands.each(Dangers::opensUp)),
            Map.entry("commands-shell", Commands.each(Dangers::opensShell)),
            Map.entry("commands-stay", Commands.each(Dangers::staysOn)),
            Map.entry("commands-substituted", Commands.each(Dangers::runsSubstituted)),
            Map.entry("commands-tracks", Commands.each(Dangers::hidesTracks)),
            Map.entry("commands-wipe", Commands.each(Dangers::wipes)),
            Map.entry("corporate-numbers", new Numbers(
                    "#~####~####~####", Checks::corporateNumber, "法人番号|corporate number|houjin")),
            Map.entry("driving-licences", new Numbers(
                    "############", Checks::drivingLicence, "運転免許|免許証|免許番号|driv\\w+ licen[cs]e")),
            Map.entry("e-mails", new EMails()),
            Map.entry("host-carries", new CarryingLinks(CarryingLinks.In.HOST, 0)),
            Map.entry("ibans", new Ibans()),
            Map.entry("image-carries", new CarryingLinks(CarryingLinks.In.IMAGE, 24)),
            Map.entry("image-gap", new CarryingLinks(CarryingLinks.In.GAP, 0)),
            Map.entry("invoice-numbers", new Numbers(
                    "T#~####~####~####", it -> Checks.corporateNumber(it.substring(1)), null)),
            Map.entry("key-block", new KeyBlock()),
            Map.entry("link-carries", new CarryingLinks(CarryingLinks.In.LINK, 32)),
            Map.entry("metadata-address", new MetadataAddress()),
            Map.entry("mixed-token", new MixedToken()),
            Map.entry("my-numbers", new Numbers(
                    "####~####~####", Checks::myNumber, "個人番号|マイナンバー|マイナ|my[ -]?number|individual number")),
            Map.entry("named-drawn", new AssignedSecret(AssignedSecret.Grade.DRAWN, true)),
            Map.entry("named-likely", new AssignedSecret(AssignedSecret.Grade.LIKELY, true)),
            Map.entry("overwrites", new Overwrites()),
            Map.entry("passports", new Numbers("AA#######", _ -> true, "旅券|パスポート|passport")),
            Map.entry("pension-numbers", new Numbers("####-######", _ -> true, "年金|pension")),
            Map.entry("phones", new Phones(false)),
            Map.entry("phones-japan", new Phones(true)),
            Map.entry("postal-codes", new Numbers("###-#### #######", _ -> true, "〒|郵便番号|postal ?code|zip ?code")),
            Map.entry("residence-cards", new Numbers("AA########AA", _ -> true, "在留|residence card|zairyu")),
            Map.entry("selector-runs", new SelectorRuns()),
            Map.entry("social-security", new Numbers(
                    "###-##-#### #########", Checks::socialSecurity, "\\bssn\\b|social security|\\btin\\b"
                            + "|tax(?:payer)? id")),
            Map.entry("tag-runs", new TagRuns()),
            Map.entry("token", new Token()),
            Map.entry("url-password", new UrlPassword()),
            Map.entry("web-token", new WebToken()),
            Map.entry("zero-width-runs", new ZeroWidthRuns()));

    private Scanners() {}
}
