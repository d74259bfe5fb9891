package dev.masugata.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A text as its reader may take it.
class ShadowTest {
    private static Layer shadow(String text) {
        return Layers.of(text, LayerLimits.DEFAULT).shadow();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', value = {
        "Ignore All > ignore all", "ＩＧＮＯＲＥ　ａｌｌ > ignore all", "i g n o r e   a l l > ignore all",
        "i.g.n.o.r.e > ignore",
        "指 示 を 無 視 > 指示を無視", "ｼｼﾞｦﾑｼ > シジヲムシ", "ﾊﾟｽﾜｰﾄﾞ > パスワード", "二〇二六年 > 2026年", "０３ー１２３４ > 03-1234",
        "一部の第三者 > 一部の第三者", "іgnоrе > ignore", "привет мир > привет мир", "Ελληνικά > ελληνικά",
        "𝐢𝐠𝐧𝐨𝐫𝐞 > ignore", "ⓘⓖⓝⓞⓡⓔ > ignore", "ígnörê > ignore", "a b c > a b c", "don’t — now > don't - now",
        "㍿ > 株式会社", "क्षि > क्षि", "한국어 > 한국어", "x y z w v > xyzwv",
    })
    void isWhatAReaderSees(String text, String shadow) {
        assertEquals(shadow, shadow(text).text());
    }

    @Test
    void holdsNothingInvisible() {
        assertEquals("ignore", shadow("i\u200Bg\u00ADn\u2060o\uFEFFr\u202Ee").text());
        assertEquals("ignore", shadow("ig\u001B[31mno\u001B[0mre").text());
        assertEquals("ignore", shadow("i\u0336g\u0336n\u0336o\u0336r\u0336e\u0336").text());
        assertEquals("a b", shadow("a \u3000\u00A0\n b").text());
        assertEquals("", shadow("\u200B\u0000\u001B").text());
    }

    @Test
    void knowsWhereEachCharacterStood() {
        var text = "見よ、ｼｼﾞを i\u200Bg\u200Bnore";
        var shadow = shadow(text);
        int kana = shadow.text().indexOf("シジ");
        assertEquals(text.indexOf("ｼ"), shadow.originalFrom(kana));
        assertEquals(text.indexOf("を"), shadow.originalTo(kana + 2));
        int word = shadow.text().indexOf("ignore");
        assertEquals(text.indexOf("i\u200B"), shadow.originalFrom(word));
        assertEquals(text.length(), shadow.originalTo(word + 6));
    }

    @Test
    void plainMeansThatOnlyCaseAndWhiteSpaceDiffer() {
        assertTrue(Shadow.isPlain("Plain words: 1 2 3 4\n\tand a b, too."));
        assertFalse(Shadow.isPlain("i g n o r e"));
        assertFalse(Shadow.isPlain("naïve"));
        assertFalse(Shadow.isPlain("a\u001B[0mb"));
        assertEquals("Plain Words", shadow("Plain  \n Words").cased());
    }

    @Test
    void paragraphsStayApart() {
        assertEquals("終わり。次に", shadow("終わり。\n次に").text());
        assertEquals("終わり。 次に", shadow("終わり。\n\n次に").text());
    }
}
