# Words used inside other texts
time-soon = wkrótce
word-free = za darmo
method-stars = ⭐ Stars
method-card = 💳 Karta
method-crypto = 🪙 Kryptowaluta
method-wallet = 👛 Portfel
method-btc = ₿ BTC
method-ltc = Ł LTC
language-name = Polski

# Menu and start
bot-description = { $shop }: oglądaj, płać i odbieraj zakupy tu, na czacie. Naciśnij Start.
bot-short-description = { $shop }: sklep w Twoim czacie
start-hello = 👋 Cześć, { $name }!
start-welcome = Witamy w { $shop }!
start-hint = Wybierz poniżej albo napisz, czego szukasz. Każde zamówienie mieszka w jednej wiadomości, która sama się odświeża.
start-link-gone = Ten link prowadzi do czegoś, czego sklep już nie ma. Oto cała reszta.
start-link-unknown = Nie znam tego linku. Oto sklep.
fallback-text = Nie rozumiem. Napisz, czego szukasz, albo kod zamówienia lub vouchera; reszta jest pod przyciskami.
fallback-media = Rozumiem tylko słowa. Napisz, czego szukasz, albo kod zamówienia lub vouchera; reszta jest pod przyciskami.
fallback-command = Nie znam polecenia { $command }. Co tu jest, mówi /help; przyciski poniżej prowadzą wszędzie.
fallback-old-button = Ten przycisk pochodzi ze starej wiadomości. Oto świeży ekran.
menu-shop = 🛍 Sklep
menu-app = Sklep
menu-basket = 🧺 Koszyk
menu-basket-count = 🧺 Koszyk ({ $count })
menu-orders = 📦 Zamówienia
menu-wallet = 👛 Portfel
menu-referrals = 🤝 Znajomi
menu-profile = 👤 Profil
menu-language = 🌐 Język
menu-help = ❓ Pomoc
menu-back = ‹ Wstecz
menu-home = 🏠 Menu

# Shop
shop-title = Sklep
shop-empty = W tej chwili nic nie jest w sprzedaży. Zajrzyj później.
shop-choose = Odbierz w mieście, wybierz kategorię albo napisz, czego szukasz.
shop-closed-note = Sklep nie przyjmuje teraz zamówień. Możesz się rozejrzeć.
shop-other = Inne
shop-city-title = Dzielnice: { $city }
shop-list-empty = Na razie nic tu nie ma.
shop-list-found = { $count ->
    [one] { $count } produkt
    [few] { $count } produkty
    [many] { $count } produktów
   *[other] { $count } produktu
  }
product-from = od { $price }
product-amounts = od { $minimum } do { $maximum }, ile chcesz
product-option = { $name }: { $value }
product-choose = 👆 Wybierz: { $options }
product-amount-own = ✏️ Inna kwota
amount-bounds = od { $minimum } do { $maximum }
amount-write = Napisz kwotę: { $bounds }.
amount-misfit = Taka kwota nie jest możliwa. Może być { $bounds }.
shop-list-cut = To pierwsze { $count }. Aby znaleźć inne, napisz, czego szukasz.
search-title = 🔎 { $text }
search-corrected = Nic się tak nie nazywa. Oto wyniki dla „{ $text }”.
search-none = Nie ma niczego o nazwie „{ $text }”. Spróbuj mniej lub innych słów albo rozejrzyj się, używając przycisków.
inline-none = Nic nie znaleziono. Zajrzyj do sklepu
inline-open = Otwórz w sklepie
product-gone = Tego produktu nie ma już w sprzedaży.
product-or = albo
product-stock-plenty = ✅ Dostępny
product-stock-few = { $count ->
    [one] ⚠️ Została tylko { $count } sztuka
    [few] ⚠️ Zostały tylko { $count } sztuki
    [many] ⚠️ Zostało tylko { $count } sztuk
   *[other] ⚠️ Zostało tylko { $count } sztuki
  }
product-stock-none = ❌ Wyprzedany
product-stock-always = ✅ Dostępny od razu
product-pickup = 📍 Odbiór: { $place }
product-hours = 🕒 { $hours }
product-limit = { $count ->
    [one] Najwyżej { $count } sztuka na osobę
    [few] Najwyżej { $count } sztuki na osobę
    [many] Najwyżej { $count } sztuk na osobę
   *[other] Najwyżej { $count } sztuki na osobę
  }
product-buy = Kup teraz
product-add = Do koszyka
product-share = ↗ Udostępnij
product-added = Dodano do koszyka
product-basket-full = Więcej tego produktu się nie zmieści

# Basket
basket-title = Twój koszyk
basket-empty = Twój koszyk jest pusty.
basket-order = Zamów · { $total }
basket-clear = Opróżnij koszyk
basket-cleared = Koszyk jest teraz pusty
basket-clash = Tych produktów nie da się opłacić razem: żadna metoda nie jest dozwolona dla wszystkich. Zamów je grupami.
basket-group = Zamówienie { $number }: { $titles }
basket-gone = Nie ma już w sprzedaży: { $titles }

# Confirm
confirm-title = Sprawdź zamówienie
confirm-total = Razem: { $total }
confirm-tax = w tym podatek { $tax }
confirm-how = Wybierz sposób płatności: to dotknięcie składa zamówienie. Trzymamy je dla Ciebie przez { $minutes ->
    [one] { $minutes } minutę
    [few] { $minutes } minuty
    [many] { $minutes } minut
   *[other] { $minutes } minuty
  }.
confirm-how-seconds = Wybierz sposób płatności: to dotknięcie składa zamówienie. Trzymamy je dla Ciebie przez { $seconds ->
    [one] { $seconds } sekundę
    [few] { $seconds } sekundy
    [many] { $seconds } sekund
   *[other] { $seconds } sekundy
  }.
confirm-wallet = W Twoim portfelu: { $balance }
confirm-no-method = Nie da się teraz za to zapłacić. Napisz do sklepu: /support.
confirm-top-up = ➕ Doładuj { $amount }
confirm-auto-buy = ⚡ Doładuj { $amount } i kup od razu
confirm-free = Odbierz za darmo
confirm-changed = Koszyk od tego czasu się zmienił. Sprawdź go jeszcze raz.
confirm-more = Jeszcze jeden
confirm-less = Jeden mniej

# Kody promocyjne
code-enter = 🎟 Mam kod
code-remove = ✕ Usuń kod { $code }
code-removed = Kod usunięty
code-ask = 🎟 Jaki kod?
code-ask-how = Napisz go w następnej wiadomości.
code-entered = 🎟 Kod { $code } jest wpisany. Zadziała, gdy zamówisz to, na co jest przeznaczony.
code-saving = 🎟 Kod { $code }: −{ $amount }
code-not-now = 🎟 Kod { $code } niczego nie odejmuje: { $why }
code-minimum = 🎟 Kod { $code } działa dla zamówień od { $amount }.
code-unknown = Nie ma takiego kodu. Sprawdź go jeszcze raz.
code-tooMany = Za dużo kodów naraz. Spróbuj ponownie za dziesięć minut.

# Prezenty i vouchery
gift-button = 🎁 Podaruj
redeem-button = 🎟 Zrealizuj kod
gift-title = 🎁 Prezent przez link
gift-how = Wybierz kwotę: dostaniesz link dla znajomego. Kto pierwszy otworzy go w ciągu doby, ma pieniądze w portfelu; jeśli nikt tego nie zrobi, wrócą do Ciebie.
gift-most = Możesz podarować do { $amount }.
gift-waits = ⏳ { $amount } czeka na otwarcie do { $time }
gift-open = Link na { $amount }
gift-of = 🎁 Prezent: { $amount }
gift-until = Przekaż ten link. Otwiera się raz, do { $time }; potem pieniądze wrócą do Ciebie.
gift-share = ↗ Udostępnij
gift-copy = Skopiuj link
gift-share-words = Prezent dla Ciebie: { $amount } w sklepie { $shop }!
gift-take-back = Weź z powrotem
gift-claimed = Link został otwarty: pieniądze dotarły.
gift-over = To już koniec: pieniądze są w Twoim portfelu.
gift-too-many = Dziesięć Twoich prezentów czeka na otwarcie. Najpierw weź jeden z powrotem.
redeem-ask = 🎟 Jaki kod vouchera?
voucher-unknown = Nie ma takiego vouchera. Sprawdź go jeszcze raz.
voucher-over = To już nie jest ważne.
voucher-claimed = Ktoś już to ma.
voucher-own = To Twój własny prezent. Przekaż link znajomemu.

# Order
order-title = Zamówienie { $code }
order-working = …
order-placing = Rezerwujemy dla Ciebie…
order-changing = Zmieniamy metodę…
order-cancelling = Anulujemy…
order-asking = Pytamy operatora płatności…
order-later = To trwa dłużej niż zwykle. Napiszę tutaj, gdy tylko będzie gotowe; nie musisz nic robić.
order-later-again = Spróbuj ponownie
order-later-failed = Nie udało się na czas. Niczego nie pobrano. Spróbuj ponownie.
order-existing = To zamówienie jest już otwarte. Oto ono.
order-bought = Ten koszyk jest już kupiony. Oto zamówienie.
order-awaiting-payment = ⏳ Czekamy na płatność
order-awaiting-settlement = 👀 Widzimy Twoją płatność
order-paid = ✅ Opłacone, przygotowujemy towar
order-delivered = 🎉 Dostarczone
order-unfulfillable = 😔 Opłacone, ale już niedostępne
order-refunded = ↩️ Zwrócone
order-expired = ⌛ Nieopłacone na czas
order-cancelled = ✖️ Anulowane
order-line = { $quantity } × { $title }
order-total = Razem: { $total }
order-tax = W tym podatek: { $tax }
order-until = Zapłać do { $time } ({ $countdown }). Do tego czasu trzymamy je dla Ciebie.
order-on-its-way = Twoja płatność jest w drodze. Czekamy na ostateczną odpowiedź, zwykle kilka sekund.
order-settling = Czas na płatność minął, ale Twoja płatność była widoczna wcześniej. Trzymamy towar i czekamy na bank do { $time } ({ $countdown }).
order-partial = Otrzymano { $received }. Brakuje jeszcze: { $missing }.
order-opening = Przygotowujemy stronę płatności, chwileczkę…
order-payment-failed = Ta płatność się nie udała. Spróbuj ponownie albo wybierz inną metodę.
order-preparing = Towar zaraz tu dotrze.
order-thanks = Dziękujemy za zakup!
order-paid-by = Opłacono: { $method }
order-sorry = Gdy Twoja płatność była w drodze, ostatnia sztuka znalazła nabywcę. Przykro nam. Pieniądze wrócą same.
order-sorry-refunded = Gdy Twoja płatność była w drodze, ostatnia sztuka znalazła nabywcę. Przykro nam.
order-expired-hold = Czas na płatność minął.
order-expired-settlement = Płatność nie dotarła.
order-cancelled-customer = To zamówienie zostało przez Ciebie anulowane.
order-cancelled-staff = Sklep anulował to zamówienie.
order-nothing-charged = Niczego nie pobrano.
order-in-wallet = Dotarło { $amount }; te pieniądze są teraz w Twoim portfelu.
order-in-basket = To, co wybrano, jest znów w koszyku.
order-over = Dotarło o { $amount } więcej, niż trzeba; te pieniądze są w Twoim portfelu.
order-tolerated = Dotarło o { $amount } mniej, niż wynosi cena. To wystarczy: sklep uznaje zamówienie za opłacone.
order-refund-requested = Zwrot { $amount }: w drodze
order-refund-succeeded = Zwrot { $amount }: wykonany
order-refund-failed = Zwrot { $amount }: nie powiódł się, sklep to sprawdza
order-money-requested = Zwracamy Ci: { $amount }, w drodze
order-money-succeeded = Zwrócono Ci: { $amount }
order-money-failed = Zwrot { $amount }: nie powiódł się, sklep to sprawdza
order-delivery-waiting = w drodze
order-delivery-staff = przekaże obsługa sklepu
order-delivery-handed = odebrane
order-delivery-revoked = cofnięte
order-handover-code = Kod odbioru: { $code }
order-placed = Złożone { $time }
order-pay = Zapłać { $amount }
order-pay-with = { $method } · { $amount }
order-coin = { $amount }: w jakiej monecie?
order-other-coin = Inna moneta
order-cancel = Anuluj zamówienie
order-refresh = Odśwież
order-i-paid = Już zapłacone
order-show = 👁 Pokaż: { $title }
order-resend = 📨 Wyślij ponownie
order-resending = Wysyłamy ponownie…
order-reminder = Zamówienie { $code }: zapłać do { $time } ({ $countdown }), inaczej zostanie zamknięte i niczego nie pobierzemy.
order-open = Otwórz zamówienie

# Goods
goods-title = Twój towar: { $title }
goods-tap = Dotknij, aby odkryć. Zachowaj dla siebie.
goods-copy = Kopiuj
goods-copy-number = Kopiuj { $number }
goods-open-link = Otwórz
goods-hidden = Twój towar jest tutaj: { $title }. Naciśnij przycisk, aby go zobaczyć.
goods-show = 👁 Pokaż
goods-file = Twój towar: { $title } (zamówienie { $code })
goods-unavailable = Tego towaru nie można pokazać: zamówienie cofnięto.
goods-none = Na razie nie ma tu nic do pokazania.
goods-open-number = Otwórz { $number }
grant-title = ✅ Od teraz Twoje: { $title }
grant-credits = { $count ->
    [one] +{ $count } kredyt
    [few] +{ $count } kredyty
   *[many] +{ $count } kredytów
}
grant-credits-balance = { $count ->
    [one] Masz { $count } kredyt.
    [few] Masz { $count } kredyty.
   *[many] Masz { $count } kredytów.
}
grant-access = Czas dostępu: { $duration }
grant-lessons = { $count ->
    [one] { $count } lekcja:
    [few] { $count } lekcje:
   *[many] { $count } lekcji:
}
duration-days = { $count ->
    [one] { $count } dzień
    [few] { $count } dni
   *[many] { $count } dni
}
duration-hours = { $count ->
    [one] { $count } godzina
    [few] { $count } godziny
   *[many] { $count } godzin
}
duration-minutes = { $count ->
    [one] { $count } minuta
    [few] { $count } minuty
   *[many] { $count } minut
}
duration-seconds = { $count ->
    [one] { $count } sekunda
    [few] { $count } sekundy
   *[many] { $count } sekund
}
thanks-title = ❤️ Dziękujemy!
thanks-amount = Przekazano { $amount }: { $title }
pickup-title = Gotowe do odbioru: { $title }
pickup-quantity = { $count ->
    [one] { $count } sztuka
    [few] { $count } sztuki
    [many] { $count } sztuk
   *[other] { $count } sztuki
  }
pickup-where = 📍 { $name }, { $address }
pickup-city = { $city }, { $district }
pickup-hours = 🕒 { $hours }
pickup-code = Pokaż obsłudze ten kod: { $code }
pickup-copy = Kopiuj kod
pickup-map = 🗺 Mapa

# Money that did not fit, refunds
stray-late-wallet = { $amount } za zamówienie { $code } dotarło za późno. Jest teraz w Twoim portfelu.
stray-second-wallet = { $amount } za zamówienie { $code } dotarło, choć zamówienie już go nie potrzebowało. Jest teraz w Twoim portfelu.
stray-late-back = { $amount } za zamówienie { $code } dotarło za późno. Wróciło do Ciebie.
stray-second-back = { $amount } za zamówienie { $code } dotarło, choć zamówienie już go nie potrzebowało. Wróciło do Ciebie.
refund-succeeded = { $amount } za zamówienie { $code } wróciło tam, skąd przyszło.
refund-failed = Zwrotu { $amount } za zamówienie { $code } nie udało się odesłać. Sklep to sprawdza.
refund-failed-wallet = Zwrotu { $amount } za zamówienie { $code } nie udało się odesłać, więc jest teraz w Twoim portfelu.

# Mini App
app-tab-shop = Sklep
app-tab-basket = Koszyk
app-tab-orders = Zamówienia
app-tab-wallet = Portfel
app-tab-more = Więcej
app-tabs = Części sklepu
app-search = Szukaj w sklepie
app-filters = Filtry
app-all-cities = Wszystkie miasta
app-all-districts = Wszystkie dzielnice
app-all-categories = Wszystkie kategorie
app-all-kinds = Wszystkie rodzaje
app-city = Miasto
app-district = Dzielnica
app-category = Kategoria
app-kind = Rodzaj
app-found = { $count ->
    [one] { $count } produkt
    [few] { $count } produkty
    [many] { $count } produktów
   *[other] { $count } produktów
}
app-nothing-title = Nic nie znaleziono
app-nothing-text = Spróbuj innego słowa albo obejrzyj wszystko.
app-corrected = Pokazano dla „{ $words }”
app-show-all = Pokaż wszystko
app-loading = Wczytywanie…
app-load-more = Pokaż więcej
app-kind-digital = Cyfrowe
app-kind-pickup = Do odbioru
app-kind-credits = Kredyty
app-kind-access = Dostęp
app-kind-donation = Datki
app-kind-course = Kursy
app-before = przedtem: { $price }
app-off = -{ $percent }%
app-photo = Zdjęcie { $number } z { $count }
app-quantity = Ilość
app-one-less = O jeden mniej
app-one-more = O jeden więcej
app-add = Dodaj · { $price }
app-buy-now = Kup teraz
app-added = Dodano do koszyka
app-share = Udostępnij
app-sold-out = Wyprzedane
app-lessons = { $count ->
    [one] { $count } lekcja
    [few] { $count } lekcje
    [many] { $count } lekcji
   *[other] { $count } lekcji
}
app-collect = Gdzie odebrać
app-about = O produkcie
app-between = Od { $min } do { $max }
app-limit = { $count ->
    [one] Najwyżej { $count } sztuka na osobę
    [few] Najwyżej { $count } sztuki na osobę
    [many] Najwyżej { $count } sztuk na osobę
   *[other] Najwyżej { $count } sztuk na osobę
}
app-in-basket = { $count ->
    [one] { $count } sztuka w koszyku
    [few] { $count } sztuki w koszyku
    [many] { $count } sztuk w koszyku
   *[other] { $count } sztuk w koszyku
}
app-basket = Koszyk
app-basket-empty = Koszyk jest pusty
app-basket-empty-text = To, co dodasz, zostaje tu do zamówienia.
app-to-shop = Do sklepu
app-no-longer = Już nie w sprzedaży
app-sum = Bez rabatów
app-saved = Oszczędzasz
app-total = Razem
app-tax = W tym podatek
app-checkout = Do kasy · { $total }
app-checkout-title = Kasa
app-how = Jak chcesz zapłacić?
app-pay = Zapłać { $total }
app-get-free = Odbierz za darmo
app-have = Masz { $amount }
app-no-method = W tej chwili nie można za to zapłacić. Zapytaj sklep.
app-clash = Tych produktów nie można opłacić razem. Zamów je grupami.
app-group = Zamów tę grupę · { $total }
app-holds = Po naciśnięciu trzymamy je dla ciebie { $minutes ->
    [one] { $minutes } minutę
    [few] { $minutes } minuty
    [many] { $minutes } minut
   *[other] { $minutes } minut
}.
app-payment = Płatność
app-time-left = Na zapłatę zostało { $time }
app-time-over = Czas na zapłatę minął
app-open-page = Otwórz stronę płatności
app-page-note = Strona płatności otworzy się obok sklepu. Wróć potem tutaj: ta strona sama zauważy zapłatę.
app-pay-stars = Zapłać gwiazdkami
app-send-exactly = Wyślij dokładnie
app-to-address = Na ten adres
app-memo = Z tym opisem
app-only-network = Tylko { $coin } w swojej sieci, jednym przelewem. Wszystko inne może przepaść.
app-qr = Kod QR z adresem i kwotą
app-transfer-account = Numer rachunku
app-transfer-phone = Numer telefonu
app-transfer-name = Odbiorca
app-transfer-bank = Bank
app-transfer-title = Tytuł przelewu
app-transfer-note = Po przelewie wyślij na czat zdjęcie lub PDF potwierdzenia. Sklep je obejrzy i doda pieniądze do portfela.
app-copy = Kopiuj
app-copied = Skopiowano
app-seen-text = Widzimy twoją płatność i czekamy na ostateczną odpowiedź, zwykle kilka sekund.
app-cancelled-text = Nic nie pobrano. To, co wybrano, jest znów w koszyku.
app-expired-text = Czas na zapłatę minął. To, co wybrano, jest znów w koszyku.
app-failed-text = Ta płatność się nie udała. Nic nie pobrano.
app-delivered-text = Dziękujemy! Towary są w zamówieniu i na czacie.
app-paid-text = Dziękujemy! Towary zaraz przyjdą.
app-credited-text = Pieniądze są w twoim portfelu.
app-deposit-over-text = Pieniądze nie przyszły na czas.
app-back-to-basket = Wróć do koszyka
app-to-chat = Otwórz czat
app-closed = Sklep jest teraz zamknięty. Możesz się rozejrzeć.
app-retry = Spróbuj ponownie
app-offline = Brak połączenia
app-offline-text = Nie można połączyć się ze sklepem. Sprawdź połączenie.
app-broken = Nie udało się
app-broken-text = Coś poszło nie tak po naszej stronie. Spróbuj ponownie za chwilę.
app-slow-down = Trochę za szybko
app-slow-down-text = Poczekaj chwilę i spróbuj ponownie.
app-gone = Już tego nie ma
app-gone-text = Ten produkt nie jest już w sprzedaży.
app-outside = Otwórz w Telegramie
app-outside-text = Sklep otwiera się ze swojego czatu w Telegramie.
app-session = Otwórz ponownie
app-session-text = Aplikacja była otwarta ponad dobę. Zamknij ją i otwórz z czatu.
app-not-met = Najpierw się przywitajmy
app-not-met-text = Naciśnij Start na czacie sklepu i wróć tutaj.
app-banned = Nie możesz korzystać z tego sklepu
app-banned-text = Jeśli to pomyłka, napisz do sklepu.
app-price-changed = Cena się zmieniła. Sprawdź nową sumę przed zapłatą.
app-later = To trwa dłużej niż zwykle. Naciśnij ponownie: nic nie zostanie pobrane dwa razy.
app-donate-amount = Ile chcesz dać?
app-code = Kod promocyjny
app-code-apply = Użyj
app-code-applied = Użyto kodu: { $code }
app-code-remove = Usuń kod
app-choose-coin = W której monecie?
app-cancel = Anuluj zamówienie
app-cancel-sure = Anulować to zamówienie? To, co wybrano, wróci do koszyka.
app-see-order = Zobacz zamówienie
app-see-wallet = Zobacz portfel
app-try-again = Spróbuj ponownie
app-orders = Twoje zamówienia
app-orders-empty = Nie ma jeszcze zamówień
app-orders-empty-text = Wszystko, co kupisz, czeka tutaj razem z towarami.
app-order = Zamówienie { $code }
app-placed = Złożono { $time }
app-paid-with = Zapłacono: { $method }
app-goods = Twoje towary
app-show = Pokaż
app-hide = Ukryj
app-pickup-code = Kod odbioru
app-resend = Wyślij ponownie na czat
app-resent = Już w drodze na czat
app-file-in-chat = Plik jest na czacie.
app-pay-order = Zapłać teraz
app-wallet = Portfel
app-balance = Saldo
app-cash = Pieniądze
app-bonus = Bonus
app-stars-money = Z gwiazdek, na towary cyfrowe
app-debt = Jesteś winien sklepowi { $amount }. Doładowanie najpierw to spłaci.
app-entries = Co się działo
app-entries-empty = Jeszcze nic
app-entries-empty-text = Tu pojawią się doładowania, zakupy i bonusy.
app-after = potem { $balance }
app-refill = Doładuj
app-refill-title = Doładowanie portfela
app-amount = Kwota
app-amount-wrong = Wpisz kwotę, na przykład 50 albo 49,90.
app-amount-range = Od { $min } do { $max }
app-refill-pay = Doładuj { $amount }
app-refill-none = W tej chwili nie można doładować portfela.
app-invite = Zaproś znajomych
app-invite-text = Dostajesz { $percent } % wszystkiego, co doładują znajomi, jako bonus w portfelu.
app-invite-share = Udostępnij link
app-invite-link = Twój link
app-invite-words = Zajrzyj do { $shop }!
app-friends = { $count ->
    [one] { $count } znajomy
    [few] { $count } znajomych
    [many] { $count } znajomych
   *[other] { $count } znajomych
}
app-earned = Zarobiono
app-held = Wstrzymane
app-your-tier = Twój poziom
app-tier-discount = { $percent } % rabatu od każdej ceny
app-next-tier = Jeszcze { $amount } do poziomu { $tier }
app-settings = Ustawienia
app-language = Język
app-how-to-find = Jak trafić
app-open-link = Otwórz link
app-refund = Zwrot
app-other-way = Inny sposób płatności
app-give = Daj { $amount }
app-code-from = Działa dla zamówień od { $amount }
app-gift-make = Podaruj { $amount }
app-gift-none = Nie ma jeszcze czego podarować
app-gift-none-text = Prezent pochodzi z twojego portfela. Najpierw go doładuj.
app-gift-back = Pieniądze są znów w twoim portfelu
app-redeem = Zrealizuj
app-redeemed = { $amount } jest w twoim portfelu
app-claim-what = Co jest nie tak?
app-claim-send = Wyślij do sklepu
app-claim-sure = Wycofać zgłoszenie? Sklep nie będzie go już rozpatrywał.
app-claim-open = Sklep ma twoją wiadomość i zdecyduje: inna sztuka, zwrot pieniędzy albo odpowiedź, dlaczego nie. Napiszemy na czacie.
app-claim-replaced = Dostajesz w zamian inną sztukę. Jest tutaj w zamówieniu i na czacie.

# Orders and wallet
orders-title = Twoje zamówienia
orders-empty = Nie masz jeszcze zamówień.
orders-row = { $code } · { $status } · { $total }
orders-unknown = Nie znajduję Twojego zamówienia { $code }.
wallet-title = Twój portfel
wallet-balance = Saldo: { $amount }
wallet-cash = Pieniądze: { $amount }
wallet-stars = Ze Stars, na towary cyfrowe: { $amount }
wallet-bonus = Bonus: { $amount }
wallet-debt = Twój dług wobec sklepu: { $amount }. Portfelem nie można płacić, dopóki nie zostanie spłacony; doładowanie spłaca go najpierw.
wallet-empty = Nic się tu jeszcze nie wydarzyło.
wallet-refill = ➕ Doładuj
wallet-entry = { $amount } → { $balance }
wallet-reason-opening = Saldo początkowe
wallet-reason-deposit = Doładowanie
wallet-reason-pays = Płatność za zamówienie { $code }
wallet-reason-release = Zwrócono z zamówienia { $code }
wallet-reason-refund = Zwrot za zamówienie { $code }
wallet-reason-late = Późna lub druga płatność za zamówienie { $code }
wallet-reason-adjustment = Zmiana przez sklep
wallet-reason-taken = Cofnięte przez operatora płatności
wallet-reason-returned = Oddane przez operatora płatności
wallet-reason-commission = Prowizja za doładowanie znajomego
wallet-reason-commission-back = Prowizja cofnięta
wallet-reason-deposit-refund = Doładowanie zwrócone w Stars
wallet-reason-payout = Wypłacono
wallet-reason-payout-back = Wypłata wróciła
wallet-reason-gift-made = Prezent przez link
wallet-reason-gift-claimed = Prezent od znajomego
wallet-reason-gift-back = Prezent, którego nikt nie otworzył
wallet-reason-voucher = Voucher
wallet-reason-other = Zmiana salda

# Top-up
refill-title = Doładuj portfel
refill-choose = Wybierz kwotę albo napisz /refill i inną kwotę.
refill-range = Od { $min } do { $max }.
refill-method = { $amount } do Twojego portfela. Jak chcesz zapłacić?
refill-stars = Za to, co wpłacisz w Stars, kupisz tylko towary cyfrowe.
refill-coin = { $amount } do Twojego portfela. W jakiej monecie?
refill-closed = Portfela nie można teraz doładować. Zajrzyj, proszę, później.
refill-again = Doładuj ponownie
refill-no-amount = Nie rozumiem tej kwoty. Napisz ją na przykład tak: /refill 50 albo /refill 49.90.
refill-link-over = Ten link został już otwarty albo ma ponad dobę. Wybierz kwotę tutaj.
refill-any-amount = Albo wyślij dowolną kwotę w monetach na własny adres:
deposit-line = Doładowanie portfela
deposit-opened = ⏳ Chwileczkę
deposit-waiting = ⏳ Czekamy na Twoją płatność
deposit-seen = 👀 Twoja płatność została zauważona
deposit-confirming = 🔗 Twoja płatność jest potwierdzona
deposit-credited = ✅ W Twoim portfelu
deposit-partial = ✅ W Twoim portfelu, mniej niż planowano
deposit-expired = ⌛ Zakończone
deposit-rejected = ❌ Nie otwarto
deposit-reversed = ↩️ Cofnięto
deposit-head = Doładowanie { $code }: { $amount }
deposit-opening = Przygotowujemy doładowanie…
deposit-until = Zapłać do { $time } ({ $countdown }).
deposit-pay-by = Metoda: { $method }. Strona płatności jest pod przyciskiem. Ta wiadomość pokaże, kiedy pieniądze dotrą.
deposit-pay-stars = Zapłać { $amount } przyciskiem poniżej. Kupisz za to tylko towary cyfrowe. Ta wiadomość pokaże, kiedy pieniądze dotrą.
deposit-shows = Ta wiadomość pokaże, kiedy pieniądze dotrą.
deposit-verdict = Operator płatności jeszcze ją sprawdza. Pieniądze same trafią do portfela, nie musisz nic robić.
deposit-network = Jest w drodze. Sieć potwierdzi ją w czasie od kilku minut do godziny; pieniądze same trafią do portfela, nie musisz nic robić.
deposit-last-word = Jest potwierdzona i właśnie przekazywana, zwykle w kilka minut. Pieniądze same trafią do portfela, nie musisz nic robić.
deposit-chain-seen = { $units } w drodze do portfela. Zaksięgujemy po { $count ->
    [one] { $count } potwierdzeniu
   *[other] { $count } potwierdzeniach
} sieci; nie musisz nic robić.
deposit-chain-confirming = { $units } jest już w bloku. Zaksięgujemy po { $count ->
    [one] { $count } potwierdzeniu
   *[other] { $count } potwierdzeniach
} sieci; nie musisz nic robić.
deposit-chain-gone = { $units } nie dotarło: transakcję zastąpiono inną albo sieć ją odrzuciła. Jeśli jednak dotrze, trafi do portfela.
deposit-arrived = { $credited } jest teraz w Twoim portfelu.
deposit-less-arrived = Dotarło { $credited } z { $amount }; te pieniądze są teraz w Twoim portfelu.
deposit-less = Dotarło { $credited } z { $amount }.
deposit-paid-debt = { $debt } spłaciło Twój dług wobec sklepu, { $rest } jest teraz w Twoim portfelu.
deposit-taken-back = Operator płatności cofnął { $amount } z tego doładowania.
deposit-taken-debt = Czego zabrakło w portfelu, jest teraz Twoim długiem wobec sklepu.
deposit-going-back = Sklep zwraca Ci { $amount } z tego doładowania w Stars.
deposit-given-back = Sklep zwrócił Ci { $amount } z tego doładowania w Stars.
deposit-back-failed = Nie udało się odesłać Stars za { $amount } z tego doładowania. Sklep to sprawdza.
deposit-over = Czas na płatność minął.
deposit-cancelled = To doładowanie zostało przez Ciebie anulowane.
deposit-late = Nic nie pobrano. Jeśli pieniądze jednak dotrą, trafią do Twojego portfela.
deposit-late-stars = Nic nie pobrano. Stars zapłacone później wrócą do Ciebie.
deposit-refused = Operator płatności jej nie otworzył. Nic nie pobrano; spróbuj, proszę, trochę później.
deposit-cancel = Anuluj doładowanie
deposit-open = Otwórz doładowanie
deposit-unknown = Nie ma doładowania { $code }.
deposit-notice = 👛 { $amount } dotarło do Twojego portfela (doładowanie { $code }).
deposit-notice-debt = 👛 Dotarło { $amount } (doładowanie { $code }).
deposit-notice-taken = ↩️ Operator płatności cofnął { $amount } z doładowania { $code }.
deposit-notice-returned = 👛 Operator płatności oddał Ci { $amount } z doładowania { $code }.
deposit-notice-refunded = ↩️ { $amount } z doładowania { $code } wróciło do Ciebie.
deposit-notice-late = ↩️ { $amount } za doładowanie { $code } dotarło za późno. Wróciło do Ciebie.
deposit-notice-second = ↩️ { $amount } za doładowanie { $code } dotarło, choć nie było już potrzebne. Wróciło do Ciebie.
deposit-notice-back-failed = { $amount } z doładowania { $code } nie udało się odesłać. Sklep to sprawdza.

# Friends
referral-title = Zaproś znajomych
referral-how = Wyślij swój link osobom, które jeszcze nie znają sklepu. Kto otworzy go przy pierwszej wizycie, na stałe zostaje tu Twoim znajomym.
referral-friends = { $count ->
    [0] Nikt jeszcze nie przyszedł z Twojego linku.
    [one] Z Twojego linku przyszła { $count } osoba.
    [few] Z Twojego linku przyszły { $count } osoby.
   *[many] Z Twojego linku przyszło { $count } osób.
  }
referral-copy = Kopiuj link
referral-share = Udostępnij
referral-share-words = Zajrzyj do { $shop }!
referral-friends-list = 👥 Kto przyszedł
referral-friends-title = Kto przyszedł z Twojego linku
referral-friends-none = Jeszcze nikt. Wyślij link znajomym.
referral-friend = { $name }, od { $time }
referral-nameless = Ktoś
referral-own-link = To Twój własny link: wyślij go znajomym.
referral-no-newcomer = Zaproszenie liczy się tylko przy pierwszej wizycie, więc ten link niczego dla Ciebie nie zmienia. Oto sklep.
notice-invited = 🤝 Zaprosił Cię znajomy. Zapraszaj i Ty: masz własny link.
notice-friend-joined = { $count ->
    [one] 🤝 Ktoś otworzył sklep z Twojego linku: to Twój pierwszy znajomy tutaj.
    [few] 🤝 Ktoś otworzył sklep z Twojego linku: masz tu już { $count } znajomych.
   *[many] 🤝 Ktoś otworzył sklep z Twojego linku: masz tu już { $count } znajomych.
  }
referral-earn = Zarabiasz { $percent } % od wszystkich ich doładowań, jako bonus w portfelu.
referral-earned = Zarobiono: { $amount }
referral-held = Wstrzymane, dopóki płatności nie są pewne: { $amount }
referral-tier = Twój poziom: { $tier }
referral-tier-discount = Twój poziom: { $tier }, zniżka { $discount } % na wszystko
referral-progress = { $bar } jeszcze { $missing } do poziomu { $tier }
referral-leaders = 🏆 Ranking
tier-bronze = 🥉 Brąz
tier-silver = 🥈 Srebro
tier-gold = 🥇 Złoto
tier-platinum = 💠 Platyna
tier-diamond = 💎 Diament
leader-title = 🏆 Kto zarobił najwięcej
leader-none = Nikt jeszcze nic nie zarobił. Możesz być pierwszą osobą.
leader-row = { $place } { $name } – { $amount }
leader-you = Ty
leader-join = Zaproś znajomego, a też się tu znajdziesz.
notice-commission-paid = 🤝 { $amount } dla Ciebie: Twój znajomy doładował portfel. To bonus w Twoim portfelu.
notice-commission-taken-back = ↩️ Operator płatności cofnął doładowanie znajomego, a z nim { $amount } z Twoich zarobków.
notice-commission-given-again = 🤝 Doładowanie znajomego znów jest ważne: { $amount } dla Ciebie.
notice-earnings = Zarobiono: { $amount }
notice-tier-higher = 🎉 Masz nowy poziom: { $tier }
notice-tier-lower = Twój poziom to teraz { $tier }
notice-tier-discount = Dzięki niemu każda cena jest dla Ciebie niższa o { $discount } %.
notice-gift-received = 🎁 Znajomy podarował Ci { $amount }. Są w Twoim portfelu.
notice-voucher-claimed = 🎟 Twój voucher przyniósł { $amount }. Są w Twoim portfelu.
notice-gift-claimed = 🎁 Twój prezent na { $amount } został otwarty.
notice-gift-back = ⌛ Nikt nie otworzył na czas Twojego prezentu na { $amount }. Pieniądze są znów w Twoim portfelu.
notice-gift-taken = ↩️ Twój prezent na { $amount } wrócił do Ciebie. Pieniądze są w Twoim portfelu.
notice-written-off = ✅ Sklep umorzył { $amount } Twojego długu.
notice-added = 👛 Sklep dodał { $amount } do Twojego portfela.
notice-taken = 👛 Sklep pobrał { $amount } z Twojego portfela.

# Paying in coins
coin-send = Wyślij dokładnie { $units } w sieci { $network } na ten adres:
coin-memo = Z komentarzem { $memo }; bez niego pieniędzy nie da się odnaleźć.
coin-only = Tylko { $coin } w sieci { $network }: wszystko inne wysłane tam przepada. Mniej lub więcej nie szkodzi, co dotrze, jest Twoje.
coin-copy-address = Skopiuj adres
coin-copy-amount = Skopiuj { $units }
coin-copy-memo = Skopiuj komentarz
coin-qr = Kod QR
coin-qr-over = Nie ma tam już nic do zapłacenia.
coin-from = { $coin }: od { $amount }
coin-about = { $coin }: około { $units }
chain-title = Doładowanie przez { $coin }
chain-send = Wyślij dowolną kwotę w { $coin } na ten adres. Jest tylko Twój i Twój pozostanie:
chain-only = Wysyłaj tu tylko { $ticker } w sieci { $coin }; wszystko inne przepadnie.
chain-confirmations = Zaksięgujemy po { $count ->
    [one] { $count } potwierdzeniu
   *[other] { $count } potwierdzeniach
}, zwykle w około { $minutes ->
    [one] { $minutes } minutę
    [few] { $minutes } minuty
   *[other] { $minutes } minut
}. Napiszę, gdy zobaczę wpłatę i gdy ją zaksięguję.
chain-much = Więcej niż { $amount } naraz czeka na { $count ->
    [one] { $count } potwierdzenie
    [few] { $count } potwierdzenia
   *[other] { $count } potwierdzeń
}.
chain-rate = { $rate } dla tego, co zobaczymy do { $time }; później liczy się kurs z tej chwili.
chain-look = 🔄 Wysłane
chain-looking = Patrzę…
chain-looked = Patrzę teraz w sieć. Gdy tylko zobaczę Twoją wpłatę, napiszę.
chain-open = Otwórz adres
chain-closed = { $coin } nie jest teraz przyjmowany. Wybierz inny sposób albo wróć później.

# Profile
profile-title = Twój profil
profile-wallet = 👛 W portfelu: { $amount }
profile-orders = { $count ->
    [0] 📦 Nie ma jeszcze zamówień
    [one] 📦 { $count } zamówienie
    [few] 📦 { $count } zamówienia
   *[many] 📦 { $count } zamówień
  }
profile-friends = { $count ->
    [0] 🤝 Nie ma jeszcze znajomych
    [one] 🤝 { $count } znajomy
    [few] 🤝 { $count } znajomych
   *[many] 🤝 { $count } znajomych
  }
profile-language = 🌐 Język: { $language }
profile-badges = Twoje odznaki
profile-badges-none = Nie ma jeszcze odznak. Pierwszą daje pierwszy zakup.
profile-badges-left = { $count ->
    [one] Do zdobycia jeszcze { $count }
    [few] Do zdobycia jeszcze { $count }
   *[many] Do zdobycia jeszcze { $count }
  }
achievement-firstPurchase = 🛍 Pierwszy zakup
achievement-firstTopUp = 👛 Pierwsze doładowanie
achievement-firstFriend = 🤝 Pierwszy znajomy
achievement-tenFriends = 🎊 Dziesięcioro znajomych
achievement-bigSpender = 🏆 Hojny klient
achievement-silver = 🥈 Srebrny poziom
achievement-gold = 🥇 Złoty poziom
achievement-platinum = 💠 Platynowy poziom
achievement-diamond = 💎 Diamentowy poziom
notice-achievement = Nowa odznaka dla Ciebie: { $badge }

# Language and help
language-title = Wybierz język
language-set = Teraz rozmawiam z Tobą po polsku.
help-title = Co możesz tu zrobić
help-find = 🔎 Napisz nazwę, a poszukam. Wszystko, co jest: /shop
help-inline = 📣 { $bot } i nazwa, w dowolnym czacie, przynoszą tam kartę.
help-buy = 🛒 Zakupy przychodzą do tego czatu i zostają w /orders.
help-code = 🎟 Kod promocyjny albo kod vouchera po prostu napisz tutaj.
help-gift = 🎁 Pieniądze z portfela możesz podarować linkiem.
help-watch = 🔔 Wyprzedane? Na karcie jest przycisk: napiszę, gdy produkt wróci.
help-claim = 🛠 Wada? W czasie gwarancji w zamówieniu jest przycisk.
help-app = 📱 „{ $button }” obok pola wiadomości: to wszystko jako aplikacja.
help-more = /profile /referrals /language /status
    Pomoc z płatnością: /paysupport
    Sklep: /support /terms /privacy
help-support = Napisz do nas: { $contact }
help-support-none = Sklep nie podał jeszcze kontaktu. Otwórz zamówienie w /orders: tam jest napisane, co dalej.
help-paysupport = Kłopot z płatnością? Otwórz zamówienie w /orders: widać tam, co dotarło i co będzie dalej. Pieniądze, które przyszły za późno lub dwa razy, trafiają do portfela, Stars wracają same. Jeśli coś nadal się nie zgadza, podaj nam kod zamówienia.
help-terms = Kupujesz od { $shop }. Ceny zawierają podatek. Towary cyfrowe trafiają tu od razu po płatności; pozostałe czekają w punkcie odbioru. Za to, czego nie da się dostarczyć, zwracamy pieniądze.
help-privacy = { $shop } przechowuje Twój identyfikator Telegrama, imię (zaszyfrowane), zamówienia i płatności, i nic więcej. Dane karty zostają u operatora płatności. Aby je usunąć, napisz przez /support.
status-open = 🟢 Sklep jest otwarty.
status-closed = 🔴 Sklep jest teraz zamknięty.
status-methods = Możesz zapłacić: { $methods }
status-orders = { $count ->
    [0] Nie masz otwartych zamówień.
    [one] Masz { $count } otwarte zamówienie: /orders
    [few] Masz { $count } otwarte zamówienia: /orders
    [many] Masz { $count } otwartych zamówień: /orders
   *[other] Masz { $count } otwartego zamówienia: /orders
  }
command-start = Menu
command-shop = Rozejrzyj się i kup
command-basket = Twój koszyk
command-orders = Twoje zamówienia
command-wallet = Twój portfel
command-refill = Doładuj portfel
command-referrals = Zaproś znajomych
command-profile = Twój profil
command-language = Zmień język
command-support = Kontakt ze sklepem
command-help = Co potrafię
command-status = Czy wszystko działa
command-paysupport = Pomoc z płatnością
command-terms = Regulamin
command-privacy = Prywatność

# Kind words when something is in the way
error-general = Teraz się nie udało. Nic nie przepadło; spróbuj ponownie za minutę.
error-slower = Trochę wolniej, proszę. Nadal tu jestem.
error-banned = Nie możesz korzystać z tego sklepu. Jeśli to pomyłka, napisz przez /support.
precheckout-other = Ta faktura nie jest już ważna. Otwórz zamówienie lub doładowanie ponownie.
precheckout-yours = Ta faktura należy do kogoś innego.
precheckout-over = Czas na płatność minął. Niczego nie pobrano.
precheckout-error = Nie udało się teraz sprawdzić płatności. Niczego nie pobrano; spróbuj ponownie.

# Why not
rejection-SoldOut = Niestety, to właśnie się wyprzedało. Niczego nie pobrano.
rejection-PriceChanged = Cena się zmieniła. Sprawdź nową sumę.
rejection-LimitReached = Osiągnięto limit tego produktu na osobę.
rejection-TooManyOpenOrders = Masz za dużo nieopłaconych zamówień i doładowań. Najpierw opłać lub anuluj jedno z nich.
rejection-CoolDown = Kilka odłożonych dla Ciebie zamówień nie zostało opłaconych, więc teraz niczego nie odkładamy. Możesz kupić z portfela albo spróbować później.
rejection-CoolDown-until = Kilka odłożonych dla Ciebie zamówień nie zostało opłaconych, więc do { $until } niczego nie odkładamy. Z portfela możesz kupić od razu.
rejection-TooManyHeld = Tylu sztuk jednego produktu nie odkładamy dla jednej osoby. Weź mniej albo opłać otwarte zamówienie.
rejection-TooManyHeld-of = { $limit ->
    [one] Dla jednej osoby odkładamy najwyżej { $limit } sztukę produktu. Opłać lub anuluj otwarte zamówienie.
    [few] Dla jednej osoby odkładamy najwyżej { $limit } sztuki produktu. Weź mniej albo opłać otwarte zamówienie.
   *[many] Dla jednej osoby odkładamy najwyżej { $limit } sztuk produktu. Weź mniej albo opłać otwarte zamówienie.
  }
rejection-InsufficientFunds = W portfelu jest za mało. Wybierz inną metodę.
rejection-WalletInDebt = Portfel ma dług, więc nie może teraz płacić.
rejection-HoldExpired = Czas na opłacenie tego zamówienia minął.
rejection-ShopClosed = Sklep jest teraz zamknięty. Zajrzyj później.
rejection-MethodNotAllowed = Ta metoda nie jest możliwa dla tego zamówienia. Wybierz inną.
rejection-MethodUnavailable = Ta metoda teraz nie działa. Wybierz inną.
rejection-MethodNotYet = Ten sposób płatności otworzy się, gdy lepiej się poznamy. Na razie wybierz inny.
rejection-NoCommonMethod = Tych produktów nie da się opłacić razem. Zamów je grupami.
rejection-ProductGone = Jednego z produktów nie ma już w sprzedaży.
rejection-OptionNeeded = Najpierw wybierz wariant tego produktu.
rejection-AmountOutOfBounds = Taka kwota nie jest tu możliwa. Wybierz inną.
rejection-EmptyBasket = Twój koszyk jest pusty.
rejection-PaymentOnItsWay = Twoja płatność jest już w drodze, więc nie można teraz tego zmienić. Poczekaj chwilę.
rejection-AlreadyPaid = To zamówienie jest już opłacone.
rejection-AlreadyEnded = To zamówienie jest już zakończone.
rejection-NotYours = To zamówienie należy do kogoś innego.
rejection-CustomerBanned = Nie możesz korzystać z tego sklepu. Jeśli to pomyłka, napisz przez /support.
rejection-UnknownOrder = Nie ma takiego zamówienia.
rejection-NotPaid = To zamówienie nie jest opłacone.
rejection-NothingToSend = Nie ma czego wysłać ponownie.
rejection-HeldBack = Płatność jest kwestionowana, więc niewydane towary czekają.
rejection-BuyerInDebt = Portfel, z którego za to zapłacono, ma dług: niewydane towary czekają, aż zostanie spłacony.
rejection-NothingLeft = Nie ma już czego zwracać.
rejection-WholeOnly = Tę płatność można zwrócić tylko w całości.
rejection-TooMuch = To więcej, niż zapłacono.
rejection-Disputed = Płacący kwestionuje tę płatność, więc nie można jej zwrócić.
rejection-AlreadyPlaced = To zamówienie jest już otwarte.
rejection-CodeStopped = Ten kod już nie działa.
rejection-CodeNotYet = Ten kod jeszcze nie działa.
rejection-CodeEnded = Ten kod stracił ważność.
rejection-CodeUsedUp = Ten kod został już wykorzystany.
rejection-CodeNotForYou = Ten kod nie jest dla Ciebie.
rejection-CodeFirstOrder = Ten kod jest tylko na pierwsze zamówienie.
rejection-CodeUsedByYou = Ten kod został już przez Ciebie użyty tyle razy, ile można.
rejection-CodeNotForThese = Ten kod jest na inne produkty.
rejection-CodeMinimum = Zamówienie jest poniżej kwoty, od której działa ten kod.
rejection-AmountTooSmall = To mniej, niż można doładować. Wybierz, proszę, większą kwotę.
rejection-AmountTooLarge = To więcej, niż można doładować naraz. Wybierz, proszę, mniejszą kwotę.
rejection-TooManyOpenPayments = Masz za dużo nieopłaconych zamówień i doładowań. Najpierw opłać lub anuluj jedno z nich.
rejection-AlreadyCredited = To doładowanie jest już w Twoim portfelu.
rejection-UnknownDeposit = Nie ma takiego doładowania.
rejection-other = To nie było możliwe.

# Staff
staff-title = Zamówienie { $code }
staff-customer = Klient: { $customer }
staff-money = { $method } · { $total }
staff-received = Otrzymano: { $amount }
staff-tolerated = Zabrakło { $amount }, w granicach tolerancji: na koszt sklepu
staff-disputed = ⚠️ Płacący kwestionuje tę płatność. Zwroty są zablokowane.
staff-warned = ⚠️ Bank ostrzega, że ta płatność może zostać zakwestionowana. Zwrot teraz może oszczędzić sporu; niewydane towary czekają na Ciebie.
staff-taken-back = Cofnięte przez operatora: { $amount }
staff-status-awaitingPayment = ⏳ Czeka na płatność
staff-status-awaitingSettlement = 👀 Płatność widoczna, czekamy na operatora
staff-status-paid = ✅ Opłacone, w dostawie
staff-status-delivered = 🎉 Dostarczone
staff-status-unfulfillable = 😔 Opłacone, ale wyprzedane: pieniądze wrócą same
staff-status-refunded = ↩️ Zwrócone
staff-status-expired = ⌛ Nieopłacone na czas
staff-status-cancelled = ✖️ Anulowane
staff-delivery-waiting = czeka na wysłanie
staff-delivery-sending = jest wysyłane
staff-delivery-sent = wysłane
staff-delivery-shown = wysłane i pokazane
staff-delivery-staffTask = ⚠️ Telegram odmawia: przekaż osobiście
staff-delivery-handedOver = przekazane
staff-delivery-revoked = cofnięte
staff-delivery-held = ⏸ wstrzymane: płatność jest kwestionowana
staff-code = kod { $code }
staff-hand-over = 🤝 Przekazano: { $title }
staff-resend = 📨 Wyślij ponownie
staff-refund = ↩️ Zwróć
staff-cancel = ✖️ Anuluj
staff-sure-refund = Zwrócić { $amount }? Naciśnij jeszcze raz.
staff-sure-cancel = Anulować zamówienie? Naciśnij jeszcze raz.
staff-yes-refund = Tak, zwróć { $amount }
staff-yes-cancel = Tak, anuluj
staff-no = Nie, wróć
staff-not-you = To może zrobić tylko obsługa sklepu.
staff-role = Twoja rola na to nie pozwala.
staff-doing = Robię…
staff-done-resend = Wysyłamy ponownie.
staff-later = To trwa dłużej niż zwykle. Wiadomość zmieni się, gdy będzie gotowe.
staff-help = Każde zamówienie ma tu jedną wiadomość, która zmienia się razem z nim. Przyciski: przekaż, wyślij ponownie, zwróć, anuluj; zwrot i anulowanie wymagają drugiego naciśnięcia.

# A basket that buys itself
auto-buy-opening = Zapamiętane…
auto-buy-waiting = ⚡ Gdy tylko pieniądze będą w portfelu, zakup zrobi się sam, raz, za najwyżej { $total }. Do tego czasu nic nie jest zarezerwowane. Po 24 godzinach najpierw zapytam.
auto-buy-give-up = ✖️ Nie kupuj samo
auto-buy-given-up = Dobrze, nic nie kupi się samo.
auto-buy-asked = 💰 Pieniądze są w portfelu, ale nie kupiłem sam { $code } za { $total }. { $why }
auto-buy-late = Przyszły później niż 24 godziny po prośbie.
auto-buy-changed = Koszyk od tego czasu się zmienił.
auto-buy-look = Zobacz i kup

# Alerts to staff
alert-ratesApart = ⚠️ Kursy { $what }: oba źródła różnią się o ponad 2 %. Dopóki się nie zgodzą, nic nie jest po nich liczone.
alert-ratesJump = ⚠️ Kursy { $what } zmieniły się naraz o ponad 20 %. Nic nie jest po nich liczone, dopóki nie wrócą albo nie utrzymają się przez godzinę.
alert-ratesStale = ⚠️ Kursy { $what }: źródła nie podają ich od godziny. Dopóki ich nie ma, nic nie jest po nich liczone.
alert-ratesBack = ✅ Kursy { $what } są znowu w porządku.
alert-methodHidden = ⚠️ { $method }: { $count } niepowodzeń z rzędu, sposób jest ukryty. Za 15 minut spróbujemy znowu i pokażemy go, jeśli się uda.
alert-methodBack = ✅ { $method } znowu działa i jest widoczny.
alert-warnedOf = ⚠️ Bank ostrzega przed { $what }: płatność może zostać zakwestionowana. Zwrot teraz może oszczędzić sporu.
alert-disputed = ⚠️ Płacący kwestionuje płatność za { $what }. To, co niewysłane, czeka; odpowiedz na spór u operatora.
alert-takenBack = ↩️ Operator cofnął { $amount } z { $what }.
alert-givenAgain = ✅ Operator oddał { $amount } z { $what }.
alert-refundFailed = ❗ Nie udało się oddać { $amount } z doładowania { $what }: { $reason }. Dług pozostaje; ponów przez tillflow deposit refund.
alert-unequal = ⚠️ Uzgodnienie, { $what }: { $count ->
    [one] { $count } różnica
    [few] { $count } różnice
   *[other] { $count } różnic
}, razem { $amount }. Operator ma { $statement }, księga { $ledger }, jedno i drugie bez opłat ({ $fees }).
alert-ledgerLacks = ⚠️ { $what }: operator ma { $amount }, których nie ma w księdze.
alert-ledgerHasMore = ⚠️ { $what }: w księdze jest { $amount }, których nie ma operator.
alert-chainStale = ⚠️ Łańcuch { $coin } nie jest śledzony od 15 minut. Ostatni blok to { $height }, zaległość: { $count ->
    [one] { $count } blok
    [few] { $count } bloki
   *[other] { $count } bloków
}. Adresy { $coin } nie są na razie pokazywane; to, co zostanie wysłane w tym czasie, znajdzie się później.
alert-chainBack = ✅ Łańcuch { $coin } jest znowu śledzony, do bloku { $height }.
alert-addressesUnused = ⚠️ { $count ->
    [one] { $count } adres
    [few] { $count } adresy
   *[other] { $count } adresów
} { $coin } z rzędu wydano i nic na nie nie wpłynęło. Od 20 nowi klienci nie dostaną adresu: portfel dalej nie szuka.
alert-addressesUsedUp = ⛔ { $count ->
    [one] { $count } adres
    [few] { $count } adresy
   *[other] { $count } adresów
} { $coin } z rzędu nigdy nie opłacono. Nowym klientom { $coin } nie proponujemy, aż na jeden z nich coś wpłynie; kto ma adres, ten go zachowuje.

## Transfers to the shop's own account or phone

method-blik = BLIK na telefon
method-bank = Przelew bankowy
transfer-account = Przelej { $amount } na to konto:
transfer-phone = Wyślij { $amount } BLIKIEM na ten numer telefonu:
transfer-account-number = Konto: { $number }
transfer-phone-number = Telefon: { $number }
transfer-name = Odbiorca: { $name }
transfer-bank = Bank: { $bank }
transfer-title = Tytuł: { $title }
transfer-receipt = 📎 Potem wyślij tu potwierdzenie, jako zdjęcie lub PDF. Obsługa sklepu sprawdzi w banku, a ja dam ci znać.
transfer-no-blik-code = 🔒 Nikt ze sklepu nigdy nie prosi o kod BLIK. Nigdy go tu nie wpisuj.
transfer-copy-account = 📋 Konto
transfer-copy-phone = 📋 Telefon
transfer-copy-title = 📋 Tytuł
transfer-copy-amount = 📋 Kwota
transfer-late = Jeśli jednak przelew został wysłany, wyślij tu potwierdzenie: pieniądze, które dotrą, nigdy nie przepadają.
transfer-rejected = ❌ Obsługa sklepu nie potwierdziła doładowania { $code }.
transfer-unjudged = ⌛ Obsługa sklepu nie potwierdziła doładowania { $code } w ciągu trzech dni.
transfer-reason-notReceived = Nie znaleziono takich pieniędzy w banku.
transfer-reason-unreadable = Potwierdzenia nie da się odczytać lub dotyczy czegoś innego.
transfer-reason-duplicate = To potwierdzenie było już użyte.
transfer-reason-other = Zapytaj sklep: /support.
transfer-not-lost = Jeśli pieniądze zostały wysłane, napisz do /support albo wyślij tu lepsze potwierdzenie. Pieniądze, które dotarły, nie przepadną.
transfer-blik-code = 🔒 To wygląda na kod BLIK. Nigdy nikomu go nie wysyłaj, nam też nie: kto go ma, może zabrać twoje pieniądze. Nie użyłem go.
deposit-with-staff = Twoje potwierdzenie ma obsługa sklepu i sprawdza w banku. Nie musisz nic robić; możesz wysłać tu kolejne.
deposit-unjudged = Obsługa sklepu nie potwierdziła go na czas.
deposit-not-found = Obsługa sklepu nie znalazła tych pieniędzy.
receipt-taken = 📎 Dziękuję. Potwierdzenie doładowania { $code } ma teraz obsługa sklepu; napiszę tu, gdy sprawdzi.
receipt-known = 📎 To już mam, dla doładowania { $code }.
receipt-tooMany = Dla doładowania { $code } jest już dziesięć potwierdzeń, więcej nie mogę przechować. Obsługa je obejrzy.
receipt-tooBig = To za duże. Wyślij potwierdzenie doładowania { $code } jako zdjęcie lub PDF do 10 MB.
receipt-notReadable = Nie mogę tego odczytać. Wyślij potwierdzenie doładowania { $code } jako zdjęcie (JPEG, PNG, WebP) lub PDF do 10 MB.
receipt-open = Otwórz doładowanie

## Staff: deposits they judge

approval-title = Doładowanie { $code }
approval-status-waiting = ⏳ Czeka na klienta
approval-status-seen = 👀 Sprawdź, proszę, w banku
approval-status-credited = ✅ Zaksięgowane
approval-status-partial = ✅ Zaksięgowane, mniej niż miało być
approval-status-expired = ⌛ Zakończone, nadal można zaksięgować
approval-status-rejected = ❌ Odrzucone, nadal można zaksięgować
approval-status-reversed = ↩️ Cofnięte
approval-asked = Miało być { $amount }, { $method }
approval-transfer-title = Tytuł przelewu: { $title }
approval-credited = Dotąd zaksięgowano: { $amount }
approval-receipts = { $count ->
    [0] Brak potwierdzeń
    [one] { $count } potwierdzenie na tym czacie
    [few] { $count } potwierdzenia na tym czacie
   *[many] { $count } potwierdzeń na tym czacie
 }
approval-twin-sameFile = ⚠️ Ten sam plik wysłano dla doładowania { $code }
approval-twin-samePicture = ⚠️ Ten sam obraz wysłano dla doładowania { $code }
approval-approved = ✅ { $amount } od { $sender }, numer operacji { $reference }: { $by }
approval-by-one = ✌️ { $amount } od { $sender }, numer operacji { $reference }: { $by }. Musi to zatwierdzić jeszcze jedna osoba.
approval-by-two = ✅ { $amount } od { $sender }, numer operacji { $reference }: { $by } i { $second }
approval-rejected = ❌ Odrzucone przez { $by }: { $reason }
approval-reason-notReceived = Nie ma w banku
approval-reason-unreadable = Nieczytelne
approval-reason-duplicate = Już użyte
approval-reason-other = Inny powód
approval-approve = ✅ Zatwierdź
approval-approve-more = ➕ Przyszło więcej
approval-reject = ❌ Odrzuć
approval-second = ✅ Zatwierdź jako druga osoba
approval-how = Pieniądze są w banku? Wyślij, ile przyszło, numer operacji z banku i kto wysłał, tak: { $command }
approval-more = To doładowanie jest już zaksięgowane. Idź dalej tylko wtedy, gdy przyszło więcej.
approval-copy = 📋 Skopiuj początek
approval-why = Dlaczego?
approval-sure = Zaksięgować { $amount } od { $sender }, numer operacji { $reference }?
approval-sure-reject = Odrzucić: { $reason }?
approval-yes = Tak, zaksięguj { $amount }
approval-yes-reject = Tak, odrzuć
approval-gone = Ktoś już o tym zdecydował.
approval-receipt-of = Potwierdzenie doładowania { $code }
approval-reminder = ⏰ Doładowanie { $code } na { $amount } czeka, aż ktoś sprawdzi w banku; potwierdzenie przyszło { $time }.
approval-usage = Tak: { $command }
approval-refused-UnknownDeposit = Nie ma takiego doładowania przelewem.
approval-refused-OwnDeposit = Nikt nie zatwierdza własnych pieniędzy.
approval-refused-SamePerson = To już twoje zatwierdzenie; potrzebna jest inna osoba.
approval-refused-AnotherDraft = To napisał ktoś inny.
approval-refused-AlreadyJudged = Ktoś już o tym zdecydował.
approval-refused-AlreadyEnded = Już się zakończyło.
approval-refused-AlreadyCredited = Jest już zaksięgowane.
approval-refused-ReferenceUsed = Ten numer operacji był już zaksięgowany.
approval-refused-AmountTooLarge = To dużo więcej, niż można doładować.
approval-refused-amount = To nie jest kwota w walucie sklepu.
approval-refused-reference = Numer operacji ma od 4 do 64 liter i cyfr.
approval-refused-sender = Kto wysłał? Do 100 znaków.
command-approve = Zatwierdź doładowanie przelewem

payout-asked-order = ↩️ { $amount } z zamówienia { $code } wraca do Ciebie. Takie pieniądze nie wracają same: powiedz, dokąd je wysłać.
payout-asked-deposit = ↩️ Sklep zwraca Ci { $amount } z doładowania { $code }. Powiedz, dokąd wysłać.
payout-asked-again-order = ⏰ { $amount } z zamówienia { $code } nadal czeka: powiedz, dokąd wysłać.
payout-asked-again-deposit = ⏰ { $amount } z doładowania { $code } nadal czeka: powiedz, dokąd wysłać.
payout-open = 📮 Podaj, dokąd
payout-told-sent = 🚀 { $amount } ({ $code }) jest w drodze do Ciebie.
payout-told-succeeded = ✅ { $amount } ({ $code }) wróciło do Ciebie.
payout-told-failed = { $amount } ({ $code }) nie udało się zwrócić, więc jest w Twoim portfelu.
payout-transaction = Transakcja: { $transaction }
payout-failure-notNamed = Nie podano, dokąd wysłać.
payout-failure-refused = Tak zdecydowała obsługa sklepu.
payout-failure-destination = Pod podane dane nie można wysłać.
payout-failure-cameBack = Przelew został wysłany i wrócił.
payout-failure-cancelled = Wypłatę anulowano.
payout-title = Zwrot pieniędzy
payout-of-order = { $amount } z zamówienia { $code }
payout-of-deposit = { $amount } z doładowania { $code }
payout-where-address = Na który Twój adres? Musi przyjmować { $coin } w sieci { $network }: w innej sieci pieniądze przepadną.
payout-where-account = Na które Twoje konto? Podaj IBAN.
payout-where-phone = Na który Twój numer telefonu przychodzą przelewy BLIK?
payout-write = ✍️ Napisz to tutaj w wiadomości.
payout-not-sender = Nie podawaj adresu, z którego płacono, jeśli wysyłała giełda: może nie być Twój.
payout-until-order = Bez odpowiedzi do { $time } pieniądze trafią do Twojego portfela.
payout-until-deposit = Bez odpowiedzi do { $time } pieniądze zostaną w Twoim portfelu.
payout-name-address = ✍️ Podaj adres
payout-name-account = ✍️ Podaj konto
payout-name-phone = ✍️ Podaj numer telefonu
payout-another = ✍️ Inne dane
payout-yes = ✅ Tak, wyślij tam
payout-check = Porównaj proszę każdy znak. Wysłanych pieniędzy nie da się cofnąć.
payout-destination-address = Adres: { $destination }
payout-destination-account = Konto: { $destination }
payout-destination-phone = Telefon: { $destination }
payout-misfit-malformed = To na nie nie wygląda.
payout-misfit-checksum = Któryś znak jest błędny lub go brakuje: cyfry kontrolne się nie zgadzają.
payout-misfit-ours = To adres tego sklepu. Podaj proszę swój.
payout-stage-approval = ⏳ Dziękujemy. Obsługa sklepu to sprawdza.
payout-stage-second = ⏳ Dziękujemy. Obsługa sklepu to sprawdza.
payout-stage-sending = ⏳ Zatwierdzone, zostanie wysłane.
payout-stage-arrival = 🚀 Wysłane, w drodze do Ciebie.
payout-stage-succeeded = ✅ Zwrócone.
payout-stage-failed = Pieniądze są w Twoim portfelu.
staff-payout-title = Wypłata { $code }
staff-payout-stage-naming = ⏳ Czekamy, dokąd chce klient
staff-payout-stage-approval = 👀 Zatwierdź albo odmów
staff-payout-stage-second = ✌️ Musi zatwierdzić jeszcze jedna osoba
staff-payout-stage-sending = 💸 Zatwierdzone: wyślij pieniądze
staff-payout-stage-arrival = 🚀 Wysłane: dotarło?
staff-payout-stage-succeeded = ✅ Zwrócone
staff-payout-stage-failed = ↩️ Niezwrócone: w portfelu
staff-payout-rail = Sposób: { $rail }
staff-payout-asked-by = Zlecenie: { $by }
staff-payout-approved = ✅ Zatwierdził: { $by }
staff-payout-sent = 🚀 Wysłał { $by }: { $transaction }
staff-payout-act-approve = ✅ Zatwierdź
staff-payout-act-second = ✅ Zatwierdź jako druga osoba
staff-payout-act-sent = 🚀 Wysłano
staff-payout-act-arrived = ✅ Dotarło
staff-payout-act-refuse = ✖️ Do portfela
staff-payout-act-destination = 📮 Nie da się tam wysłać
staff-payout-act-cameBack = ↩️ Wróciło
staff-payout-sure-approve = Zezwolić na wypłatę { $amount } pod powyższe dane?
staff-payout-sure-second = Zezwolić na wypłatę { $amount } pod powyższe dane jako druga osoba?
staff-payout-sure-sent = { $amount } wysłano transakcją { $transaction }?
staff-payout-sure-arrived = Czy { $amount } dotarło?
staff-payout-sure-refuse = Nie wypłacać { $amount }, tylko zostawić w portfelu?
staff-payout-sure-destination = { $amount } nie da się tam wysłać: zostawić w portfelu?
staff-payout-sure-cameBack = { $amount } wróciło: zaksięgować w portfelu?
staff-payout-yes-approve = Tak, zatwierdź
staff-payout-yes-second = Tak, zatwierdź
staff-payout-yes-sent = Tak, wysłano
staff-payout-yes-arrived = Tak, dotarło
staff-payout-yes-refuse = Tak, do portfela
staff-payout-yes-destination = Tak, do portfela
staff-payout-yes-cameBack = Tak, wróciło
staff-payout-how-sent = Pieniądze wysłane? Wyślij identyfikator transakcji albo numer operacji z banku, tak: { $command }
staff-payout-open = Otwórz wypłatę
staff-payout-reminder = ⏰ Wypłata { $code } na { $amount } czeka na obsługę: { $time }.
payout-refused-UnknownPayout = Nie ma takiej wypłaty.
payout-refused-OwnPayout = Nikt nie decyduje o własnych pieniądzach.
payout-refused-AskedForIt = To Twoje zlecenie; zatwierdzić musi inna osoba.
payout-refused-SamePerson = To już twoje zatwierdzenie; potrzebna jest inna osoba.
payout-refused-NotNamed = Nie podano jeszcze, dokąd.
payout-refused-NotApproved = Jeszcze nie zatwierdzono.
payout-refused-NotSent = Jeszcze nie wysłano.
payout-refused-AlreadyJudged = Ktoś już o tym zdecydował.
payout-refused-AlreadyClosed = Już się zakończyła.
payout-refused-TakenBack = Pieniądze z tego doładowania zostały w międzyczasie cofnięte: nie wysyłaj.
payout-refused-WalletInDebt = Portfel ma dług: nic się z niego nie wypłaca.
payout-refused-TransactionUsed = Tą transakcją opłacono inną wypłatę.
payout-refused-NoDraft = To napisał ktoś inny.
payout-refused-transaction = Identyfikator transakcji ma od 4 do 128 liter, cyfr lub znaków.
command-sent = Zgłoś, że wypłata została wysłana

# Waiting for sold-out products, and stock as staff are told of it
stage-price-note = To cena teraz. Ile zapłacisz, widać przed płatnością.
stage-open = ⭐ Kup w sklepie
stage-removed = Ta oferta się skończyła. Sam produkt nadal tu jest.
stock-watch-ask = 🔔 Powiadom, gdy wróci
stock-watch-stop = 🔕 Nie powiadamiaj więcej
stock-watch-remove = ✕ Usuń
stock-watch-title = Produkty, na które czekasz
stock-watch-none = Nie czekasz na żaden produkt. Przycisk do tego jest na karcie wyprzedanego.
stock-watch-about = { $count ->
    [one] { $count } produkt. Napiszemy, gdy wróci: w kolejności, w jakiej ludzie o to prosili.
    [few] { $count } produkty. Napiszemy, gdy któryś wróci: w kolejności, w jakiej ludzie o to prosili.
   *[many] { $count } produktów. Napiszemy, gdy któryś wróci: w kolejności, w jakiej ludzie o to prosili.
  }
stock-watch-list = { $count ->
    [0] 🔔 Czekam na produkty
   *[other] 🔔 Czekam na produkty ({ $count })
  }
stock-watch-watching = Napiszemy do Ciebie, gdy wróci.
stock-watch-stopped = Nie napiszemy już o tym produkcie.
stock-watch-in-stock = Jest: możesz kupić teraz.
stock-watch-gone = Tego produktu już nie ma w sprzedaży.
stock-watch-too-many = Czekasz już na 50 produktów. Najpierw usuń jeden w /profile.
stock-watch-open = 🛍 Zobacz
notice-stock-back = 🔔 { $product } znów jest. Należysz do pierwszych, którzy o to prosili: przez kwadrans wie o tym tylko tyle osób, ile jest sztuk.
alert-stageSend = 🛍 Nie wysłano „{ $title }”: produktu nie ma już w sprzedaży albo jego witryna została usunięta.
alert-stockLow = 📉 { $product }: { $left ->
    [one] została tylko { $left } sztuka.
    [few] zostały tylko { $left } sztuki.
   *[many] zostało tylko { $left } sztuk.
  }
alert-stockOut = 🈳 { $product }: wszystko wyprzedane.
alert-stockBack = 📦 { $product } znów jest: co najmniej { $left ->
    [one] { $left } sztuka.
    [few] { $left } sztuki.
   *[many] { $left } sztuk.
  } Powiadamiamy po kolei tych, którzy czekali.

# Faulty goods within their warranty
claim-begin = 🛠 Coś jest nie tak
claim-title = 🛠 Coś jest nie tak
claim-which = Z czym?
claim-none = Nic z tego zamówienia nie jest już na gwarancji.
claim-piece = { $title }, sztuka { $piece }
claim-describe = Napisz w jednej wiadomości, co jest nie tak. Przeczyta to ktoś ze sklepu.
claim-open = Dziękujemy. Sklep ma Twoją wiadomość i zdecyduje: inna sztuka, zwrot pieniędzy albo odpowiedź, dlaczego nie. Napiszemy tutaj.
claim-replaced = ✅ Dostajesz w zamian inną sztukę. Wyślemy ją tutaj.
claim-refunded = ✅ Zwracamy jej cenę tak, jak zapłacono.
claim-refused = Sklep tego nie przyjmuje.
claim-withdrawn = To zostało przez Ciebie wycofane.
claim-withdraw = ↩️ Nieważne, wszystko w porządku
claim-look = 🛠 Zobacz
claim-reason-works = Sprawdziliśmy: działa zgodnie z opisem.
claim-reason-used = Towar został zużyty albo zmieniony po wydaniu.
claim-reason-notOurs = Przyczyna nie leży w tym, co sprzedaliśmy.
claim-reason-other = Jeśli chcesz wiedzieć więcej, napisz do obsługi.
notice-claim = 🛠 { $product }, zamówienie { $code }
claim-rejected-UnknownClaim = Nie ma takiego zgłoszenia.
claim-rejected-WarrantyOver = To nie jest już na gwarancji.
claim-rejected-AlreadyClaimed = To już zgłoszono.
claim-rejected-AlreadyJudged = Decyzja już zapadła.
claim-rejected-OwnClaim = Nikt nie rozstrzyga własnego zgłoszenia.
claim-rejected-SoldOut = Nie ma innej sztuki.
claim-rejected-NotDelivered = W tym stanie zamówienia nie można tego zrobić.
claim-rejected-Disputed = Pieniądze za to zamówienie są sporne.
claim-rejected-NothingLeft = Nie ma już czego zwracać.
claim-rejected-MoneyBack = Pieniądze już zwrócono: nic nie dajemy w zamian.
claim-rejected-WholeOnly = Gwiazdki wracają tylko w całości, a to część zamówienia.
claim-rejected-TooMuch = Z wpłaty zostało mniej niż wynosi cena.
claim-rejected-WalletInDebt = Portfel klienta jest zadłużony.
staff-claim-title = 🛠 Wadliwy towar { $code }
staff-claim-status-open = Czeka na decyzję
staff-claim-status-replaced = Wymieniono
staff-claim-status-refunded = Zwrócono pieniądze
staff-claim-status-refused = Odmówiono
staff-claim-status-withdrawn = Wycofane przez klienta
staff-claim-order = Zamówienie { $code }: { $piece }
staff-claim-replace = 🔁 Wymień
staff-claim-refund = 💸 Zwróć pieniądze
staff-claim-refuse = ✖️ Odmów
staff-claim-sure-replace = Wydać inną sztukę? Ta na zawsze znika z magazynu.
staff-claim-sure-refund = Zwrócić jej cenę tak, jak zapłacono?
staff-claim-sure-refuse = Odmówić? Klient przeczyta powód.
staff-claim-yes-replace = Tak, wymień
staff-claim-yes-refund = Tak, zwróć
staff-claim-reason-works = Działa
staff-claim-reason-used = Zużyte albo zmienione
staff-claim-reason-notOurs = Nie nasza wina
staff-claim-reason-other = Inny powód
staff-claim-reminder = ⏰ Wadliwy towar { $code } czeka na decyzję od { $since }.
staff-claim-look = 🛠 Zobacz
