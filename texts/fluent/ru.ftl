# Words used inside other texts
time-soon = скоро
word-free = бесплатно
method-stars = ⭐ Stars
method-card = 💳 Карта
method-crypto = 🪙 Криптовалюта
method-wallet = 👛 Кошелёк
method-btc = ₿ BTC
method-ltc = Ł LTC
language-name = Русский

# Menu and start
bot-description = { $shop }: выбирайте, оплачивайте и получайте товары прямо здесь, в чате. Нажмите «Старт».
bot-short-description = { $shop }: магазин в вашем чате
start-hello = 👋 Здравствуйте, { $name }!
start-welcome = Добро пожаловать в { $shop }!
start-hint = Выберите ниже или напишите, что ищете. Каждый заказ живёт в одном сообщении, которое обновляется само.
start-link-gone = Ссылка ведёт к тому, чего в магазине больше нет. Вот всё остальное.
start-link-unknown = Я не знаю такой ссылки. Вот магазин.
fallback-text = Я этого не понял. Напишите, что вы ищете, или код заказа либо ваучера; остальное – по кнопкам.
fallback-media = Я понимаю только слова. Напишите, что вы ищете, или код заказа либо ваучера; остальное – по кнопкам.
fallback-command = Команды { $command } я не знаю. Что здесь есть – в /help; кнопки ниже ведут куда угодно.
fallback-old-button = Эта кнопка из старого сообщения. Вот свежий экран.
menu-shop = 🛍 Магазин
menu-app = Магазин
menu-basket = 🧺 Корзина
menu-basket-count = 🧺 Корзина ({ $count })
menu-orders = 📦 Мои заказы
menu-wallet = 👛 Кошелёк
menu-referrals = 🤝 Друзья
menu-profile = 👤 Профиль
menu-language = 🌐 Язык
menu-help = ❓ Помощь
menu-back = ‹ Назад
menu-home = 🏠 Меню

# Shop
shop-title = Магазин
shop-empty = Сейчас ничего нет в продаже. Загляните позже.
shop-choose = Заберите в городе, выберите категорию или напишите, что ищете.
shop-closed-note = Сейчас магазин не принимает заказы. Можно осмотреться.
shop-other = Другое
shop-city-title = Районы: { $city }
shop-list-empty = Здесь пока ничего нет.
shop-list-found = { $count ->
    [one] { $count } товар
    [few] { $count } товара
    [many] { $count } товаров
   *[other] { $count } товара
  }
product-from = от { $price }
product-amounts = от { $minimum } до { $maximum }, на ваш выбор
product-option = { $name }: { $value }
product-choose = 👆 Выберите: { $options }
product-amount-own = ✏️ Другая сумма
amount-bounds = от { $minimum } до { $maximum }
amount-write = Напишите сумму: { $bounds }.
amount-misfit = Такая сумма невозможна. Можно { $bounds }.
shop-list-cut = Это первые { $count }. Чтобы найти другие, напишите, что ищете.
search-title = 🔎 { $text }
search-corrected = Так ничего не называется. Вот что есть по запросу «{ $text }».
search-none = По запросу «{ $text }» ничего не нашлось. Попробуйте меньше слов или другие слова, или осмотритесь с помощью кнопок.
inline-none = Ничего не нашлось. Открыть магазин
inline-open = Открыть в магазине
product-gone = Этот товар больше не продаётся.
product-or = или
product-stock-plenty = ✅ В наличии
product-stock-few = { $count ->
    [one] ⚠️ Осталась только { $count } штука
    [few] ⚠️ Осталось только { $count } штуки
    [many] ⚠️ Осталось только { $count } штук
   *[other] ⚠️ Осталось только { $count } штуки
  }
product-stock-none = ❌ Распродано
product-stock-always = ✅ Доступно сразу
product-pickup = 📍 Получение: { $place }
product-hours = 🕒 { $hours }
product-limit = { $count ->
    [one] Не больше { $count } штуки в одни руки
    [few] Не больше { $count } штук в одни руки
    [many] Не больше { $count } штук в одни руки
   *[other] Не больше { $count } штуки в одни руки
  }
product-buy = Купить сейчас
product-add = В корзину
product-share = ↗ Поделиться
product-added = Добавлено в корзину
product-basket-full = Больше этого товара в корзину не помещается

# Basket
basket-title = Ваша корзина
basket-empty = Ваша корзина пуста.
basket-order = Заказать · { $total }
basket-clear = Очистить корзину
basket-cleared = Корзина теперь пуста
basket-clash = Эти товары нельзя оплатить вместе: нет способа, разрешённого для всех. Закажите их по группам.
basket-group = Заказ { $number }: { $titles }
basket-gone = Больше не продаётся: { $titles }

# Confirm
confirm-title = Проверьте заказ
confirm-total = Итого: { $total }
confirm-tax = включая налог { $tax }
confirm-how = Выберите способ оплаты: это нажатие оформит заказ. Мы держим его для вас { $minutes ->
    [one] { $minutes } минуту
    [few] { $minutes } минуты
    [many] { $minutes } минут
   *[other] { $minutes } минуты
  }.
confirm-how-seconds = Выберите способ оплаты: это нажатие оформит заказ. Мы держим его для вас { $seconds ->
    [one] { $seconds } секунду
    [few] { $seconds } секунды
    [many] { $seconds } секунд
   *[other] { $seconds } секунды
  }.
confirm-wallet = В вашем кошельке: { $balance }
confirm-no-method = Сейчас это нельзя оплатить. Напишите магазину: /support.
confirm-top-up = ➕ Пополнить на { $amount }
confirm-auto-buy = ⚡ Пополнить на { $amount } и сразу купить
confirm-free = Получить бесплатно
confirm-changed = Корзина с тех пор изменилась. Проверьте её ещё раз.
confirm-more = Ещё одна
confirm-less = На одну меньше

# Промокоды
code-enter = 🎟 Есть код
code-remove = ✕ Убрать код { $code }
code-removed = Код убран
code-ask = 🎟 Какой код?
code-ask-how = Напишите его следующим сообщением.
code-entered = 🎟 Код { $code } введён. Он сработает, когда вы закажете то, для чего он предназначен.
code-saving = 🎟 Код { $code }: −{ $amount }
code-not-now = 🎟 Код { $code } ничего не убавляет: { $why }
code-minimum = 🎟 Код { $code } действует для заказов от { $amount }.
code-unknown = Такого кода нет. Пожалуйста, проверьте его ещё раз.
code-tooMany = Слишком много кодов подряд. Пожалуйста, попробуйте через десять минут.

# Подарки и ваучеры
gift-button = 🎁 Подарить
redeem-button = 🎟 Ввести код
gift-title = 🎁 Подарок по ссылке
gift-how = Выберите сумму: вы получите ссылку для друга. Кто первым откроет её в течение суток, у того деньги окажутся в кошельке; если никто не откроет, они вернутся к вам.
gift-most = Вы можете подарить до { $amount }.
gift-waits = ⏳ { $amount } ждёт, пока ссылку откроют, до { $time }
gift-open = Ссылка на { $amount }
gift-of = 🎁 Подарок: { $amount }
gift-until = Передайте эту ссылку. Она открывается один раз, до { $time }; потом деньги вернутся к вам.
gift-share = ↗ Поделиться
gift-copy = Скопировать ссылку
gift-share-words = Подарок для вас: { $amount } в магазине { $shop }!
gift-take-back = Забрать обратно
gift-claimed = Ссылку открыли: деньги дошли.
gift-over = Срок вышел: деньги в вашем кошельке.
gift-too-many = Десять ваших подарков ждут, пока их откроют. Пожалуйста, сначала заберите один обратно.
redeem-ask = 🎟 Какой код ваучера?
voucher-unknown = Такого ваучера нет. Пожалуйста, проверьте его ещё раз.
voucher-over = Он больше не действует.
voucher-claimed = Его уже кто-то получил.
voucher-own = Это ваш собственный подарок. Передайте ссылку другу.

# Order
order-title = Заказ { $code }
order-working = …
order-placing = Резервируем для вас…
order-changing = Меняем способ…
order-cancelling = Отменяем…
order-asking = Спрашиваем платёжную систему…
order-later = Это дольше обычного. Я напишу здесь, как только всё будет готово; делать ничего не нужно.
order-later-again = Попробовать снова
order-later-failed = Не получилось вовремя. Деньги не списаны. Попробуйте ещё раз.
order-existing = Этот заказ у вас уже открыт. Вот он.
order-bought = Эта корзина уже куплена. Вот заказ.
order-awaiting-payment = ⏳ Ждём вашу оплату
order-awaiting-settlement = 👀 Ваш платёж замечен
order-paid = ✅ Оплачено, готовим товар
order-delivered = 🎉 Доставлено
order-unfulfillable = 😔 Оплачено, но товара больше нет
order-refunded = ↩️ Деньги возвращены
order-expired = ⌛ Не оплачено вовремя
order-cancelled = ✖️ Отменён
order-line = { $quantity } × { $title }
order-total = Итого: { $total }
order-tax = Включая налог: { $tax }
order-until = Оплатите до { $time } ({ $countdown }). До этого времени мы держим заказ для вас.
order-on-its-way = Ваш платёж в пути. Ждём окончательного ответа, обычно несколько секунд.
order-settling = Время на оплату вышло, но платёж был замечен раньше. Мы держим товар и ждём банк до { $time } ({ $countdown }).
order-partial = Получено { $received }. Не хватает: { $missing }.
order-opening = Готовим страницу оплаты, секунду…
order-payment-failed = Этот платёж не прошёл. Попробуйте ещё раз или выберите другой способ.
order-preparing = Товар придёт сюда через мгновение.
order-thanks = Спасибо за покупку!
order-paid-by = Оплачено: { $method }
order-sorry = Пока ваш платёж был в пути, последний товар закончился. Нам очень жаль. Деньги вернутся сами.
order-sorry-refunded = Пока ваш платёж был в пути, последний товар закончился. Нам очень жаль.
order-expired-hold = Время на оплату вышло.
order-expired-settlement = Платёж не пришёл.
order-cancelled-customer = Вы отменили этот заказ.
order-cancelled-staff = Магазин отменил этот заказ.
order-nothing-charged = Ничего не списано.
order-in-wallet = Поступило { $amount }, эти деньги теперь в вашем кошельке.
order-in-basket = Выбранное снова в корзине.
order-over = Пришло на { $amount } больше, чем нужно: эти деньги в вашем кошельке.
order-tolerated = Пришло на { $amount } меньше цены. Этого достаточно: магазин считает заказ оплаченным.
order-refund-requested = Возврат { $amount }: в пути
order-refund-succeeded = Возврат { $amount }: выполнен
order-refund-failed = Возврат { $amount }: не прошёл, магазин разбирается
order-money-requested = Возвращаем вам: { $amount }, в пути
order-money-succeeded = Вам возвращено: { $amount }
order-money-failed = Возврат { $amount }: не прошёл, магазин разбирается
order-delivery-waiting = в пути
order-delivery-staff = передадут сотрудники магазина
order-delivery-handed = получено
order-delivery-revoked = отозвано
order-handover-code = Код получения: { $code }
order-placed = Оформлен { $time }
order-pay = Оплатить { $amount }
order-pay-with = { $method } · { $amount }
order-coin = { $amount }: в какой монете?
order-other-coin = Другая монета
order-cancel = Отменить заказ
order-refresh = Обновить
order-i-paid = Я оплатил(а)
order-show = 👁 Показать: { $title }
order-resend = 📨 Отправить снова
order-resending = Отправляем снова…
order-reminder = Заказ { $code }: оплатите до { $time } ({ $countdown }), иначе он закроется и ничего не спишется.
order-open = Открыть заказ

# Goods
goods-title = Ваш товар: { $title }
goods-tap = Нажмите, чтобы открыть. Никому не показывайте.
goods-copy = Скопировать
goods-copy-number = Скопировать { $number }
goods-open-link = Открыть
goods-hidden = Ваш товар здесь: { $title }. Нажмите кнопку, чтобы увидеть.
goods-show = 👁 Показать
goods-file = Ваш товар: { $title } (заказ { $code })
goods-unavailable = Этот товар нельзя показать: заказ отозван.
goods-none = Здесь пока нечего показать.
goods-open-number = Открыть { $number }
grant-title = ✅ Теперь ваше: { $title }
grant-credits = { $count ->
    [one] +{ $count } кредит
    [few] +{ $count } кредита
   *[many] +{ $count } кредитов
}
grant-credits-balance = { $count ->
    [one] У вас { $count } кредит.
    [few] У вас { $count } кредита.
   *[many] У вас { $count } кредитов.
}
grant-access = Срок доступа: { $duration }
grant-lessons = { $count ->
    [one] { $count } урок:
    [few] { $count } урока:
   *[many] { $count } уроков:
}
duration-days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[many] { $count } дней
}
duration-hours = { $count ->
    [one] { $count } час
    [few] { $count } часа
   *[many] { $count } часов
}
duration-minutes = { $count ->
    [one] { $count } минута
    [few] { $count } минуты
   *[many] { $count } минут
}
duration-seconds = { $count ->
    [one] { $count } секунда
    [few] { $count } секунды
   *[many] { $count } секунд
}
thanks-title = ❤️ Спасибо!
thanks-amount = Ваш вклад – { $amount }: { $title }
pickup-title = Готово к выдаче: { $title }
pickup-quantity = { $count ->
    [one] { $count } штука
    [few] { $count } штуки
    [many] { $count } штук
   *[other] { $count } штуки
  }
pickup-where = 📍 { $name }, { $address }
pickup-city = { $city }, { $district }
pickup-hours = 🕒 { $hours }
pickup-code = Покажите сотруднику этот код: { $code }
pickup-copy = Скопировать код
pickup-map = 🗺 На карте

# Money that did not fit, refunds
stray-late-wallet = { $amount } за заказ { $code } пришли слишком поздно. Теперь они в вашем кошельке.
stray-second-wallet = { $amount } за заказ { $code } пришли, хотя заказу больше не было нужно. Теперь они в вашем кошельке.
stray-late-back = { $amount } за заказ { $code } пришли слишком поздно. Мы вернули их вам.
stray-second-back = { $amount } за заказ { $code } пришли, хотя заказу больше не было нужно. Мы вернули их вам.
refund-succeeded = { $amount } за заказ { $code } вернулись туда, откуда пришли.
refund-failed = Возврат { $amount } за заказ { $code } не прошёл. Магазин разбирается.
refund-failed-wallet = Возврат { $amount } за заказ { $code } не прошёл, поэтому деньги в вашем кошельке.

# Mini App
app-tab-shop = Магазин
app-tab-basket = Корзина
app-tab-orders = Заказы
app-tab-wallet = Кошелёк
app-tab-more = Ещё
app-tabs = Разделы магазина
app-search = Поиск по магазину
app-filters = Фильтры
app-all-cities = Все города
app-all-districts = Все районы
app-all-categories = Все категории
app-all-kinds = Все виды
app-city = Город
app-district = Район
app-category = Категория
app-kind = Вид
app-found = { $count ->
    [one] { $count } товар
    [few] { $count } товара
    [many] { $count } товаров
   *[other] { $count } товаров
}
app-nothing-title = Ничего не найдено
app-nothing-text = Попробуйте другое слово или посмотрите всё.
app-corrected = Показано по запросу «{ $words }»
app-show-all = Показать всё
app-loading = Загружаем…
app-load-more = Показать ещё
app-kind-digital = Цифровые
app-kind-pickup = Самовывоз
app-kind-credits = Кредиты
app-kind-access = Доступ
app-kind-donation = Пожертвования
app-kind-course = Курсы
app-before = раньше: { $price }
app-off = -{ $percent }%
app-photo = Фото { $number } из { $count }
app-quantity = Количество
app-one-less = На один меньше
app-one-more = На один больше
app-add = В корзину · { $price }
app-buy-now = Купить сейчас
app-added = Добавлено в корзину
app-share = Поделиться
app-sold-out = Распродано
app-lessons = { $count ->
    [one] { $count } урок
    [few] { $count } урока
    [many] { $count } уроков
   *[other] { $count } урока
}
app-collect = Где забрать
app-about = О товаре
app-between = От { $min } до { $max }
app-limit = { $count ->
    [one] Не больше { $count } штуки на человека
    [few] Не больше { $count } штук на человека
    [many] Не больше { $count } штук на человека
   *[other] Не больше { $count } штук на человека
}
app-in-basket = { $count ->
    [one] { $count } штука в корзине
    [few] { $count } штуки в корзине
    [many] { $count } штук в корзине
   *[other] { $count } штук в корзине
}
app-basket = Корзина
app-basket-empty = Корзина пуста
app-basket-empty-text = То, что вы добавите, останется здесь до заказа.
app-to-shop = К товарам
app-no-longer = Больше не продаётся
app-sum = Без скидок
app-saved = Вы экономите
app-total = Итого
app-tax = Включая налог
app-checkout = Оформить · { $total }
app-checkout-title = Оформление заказа
app-how = Как вы хотите заплатить?
app-pay = Заплатить { $total }
app-get-free = Получить бесплатно
app-have = У вас { $amount }
app-no-method = Сейчас за это нельзя заплатить. Спросите, пожалуйста, магазин.
app-clash = Эти товары нельзя оплатить вместе. Закажите их, пожалуйста, по группам.
app-group = Заказать эту группу · { $total }
app-holds = После нажатия мы держим заказ для вас { $minutes ->
    [one] { $minutes } минуту
    [few] { $minutes } минуты
    [many] { $minutes } минут
   *[other] { $minutes } минут
}.
app-payment = Оплата
app-time-left = На оплату осталось { $time }
app-time-over = Время оплаты вышло
app-open-page = Открыть страницу оплаты
app-page-note = Страница оплаты откроется рядом с магазином. Потом вернитесь сюда: эта страница всё увидит сама.
app-pay-stars = Заплатить звёздами
app-send-exactly = Отправьте ровно
app-to-address = На этот адрес
app-memo = С этим комментарием
app-only-network = Только { $coin } в своей сети, одним переводом. Остальное может пропасть.
app-qr = QR-код с адресом и суммой
app-transfer-account = Номер счёта
app-transfer-phone = Номер телефона
app-transfer-name = Получатель
app-transfer-bank = Банк
app-transfer-title = Назначение перевода
app-transfer-note = После перевода пришлите в чат фото или PDF квитанции. Магазин посмотрит её и зачислит деньги в кошелёк.
app-copy = Скопировать
app-copied = Скопировано
app-seen-text = Мы видим ваш платёж и ждём окончательного ответа, обычно несколько секунд.
app-cancelled-text = Ничего не списано. То, что вы выбрали, снова в корзине.
app-expired-text = Время оплаты вышло. То, что вы выбрали, снова в корзине.
app-failed-text = Этот платёж не прошёл. Ничего не списано.
app-delivered-text = Спасибо! Товары в заказе и в чате.
app-paid-text = Спасибо! Товары придут через мгновение.
app-credited-text = Деньги в вашем кошельке.
app-deposit-over-text = Деньги не пришли вовремя.
app-back-to-basket = Назад в корзину
app-to-chat = Открыть чат
app-closed = Магазин сейчас закрыт. Но посмотреть можно.
app-retry = Попробовать ещё раз
app-offline = Нет связи
app-offline-text = Магазин недоступен. Проверьте подключение.
app-broken = Не получилось
app-broken-text = Что-то пошло не так у нас. Попробуйте, пожалуйста, через минуту.
app-slow-down = Немного быстро
app-slow-down-text = Подождите, пожалуйста, минуту и попробуйте снова.
app-gone = Больше нет
app-gone-text = Этот товар больше не продаётся.
app-outside = Откройте в Telegram
app-outside-text = Магазин открывается из своего чата в Telegram.
app-session = Откройте, пожалуйста, заново
app-session-text = Приложение было открыто больше суток. Закройте его и откройте из чата.
app-not-met = Сначала поздороваемся
app-not-met-text = Нажмите «Старт» в чате магазина и возвращайтесь.
app-banned = Вам недоступен этот магазин
app-banned-text = Если это ошибка, напишите в магазин.
app-price-changed = Цена изменилась. Посмотрите, пожалуйста, новую сумму перед оплатой.
app-later = Это дольше обычного. Нажмите ещё раз: дважды ничего не спишется.
app-donate-amount = Сколько вы хотите дать?
app-code = Промокод
app-code-apply = Применить
app-code-applied = Код применён: { $code }
app-code-remove = Убрать код
app-choose-coin = В какой монете?
app-cancel = Отменить заказ
app-cancel-sure = Отменить этот заказ? То, что вы выбрали, вернётся в корзину.
app-see-order = К заказу
app-see-wallet = К кошельку
app-try-again = Попробовать ещё раз
app-orders = Ваши заказы
app-orders-empty = Заказов пока нет
app-orders-empty-text = Всё, что вы купите, хранится здесь вместе с товарами.
app-order = Заказ { $code }
app-placed = Оформлен { $time }
app-paid-with = Способ оплаты: { $method }
app-goods = Ваши товары
app-show = Показать
app-hide = Скрыть
app-pickup-code = Код получения
app-resend = Прислать в чат ещё раз
app-resent = Уже отправляем в чат
app-file-in-chat = Файл в чате.
app-pay-order = Заплатить
app-wallet = Кошелёк
app-balance = Баланс
app-cash = Деньги
app-bonus = Бонусы
app-stars-money = Из звёзд, для цифровых товаров
app-debt = Вы должны магазину { $amount }. Пополнение сначала покроет долг.
app-entries = Что происходило
app-entries-empty = Пока ничего
app-entries-empty-text = Здесь будут пополнения, покупки и бонусы.
app-after = стало { $balance }
app-refill = Пополнить
app-refill-title = Пополнение кошелька
app-amount = Сумма
app-amount-wrong = Напишите сумму, например 50 или 49,90.
app-amount-range = От { $min } до { $max }
app-refill-pay = Пополнить на { $amount }
app-refill-none = Сейчас кошелёк нельзя пополнить.
app-invite = Пригласить друзей
app-invite-text = Вы получаете { $percent } % от всех пополнений друзей бонусом в кошелёк.
app-invite-share = Поделиться ссылкой
app-invite-link = Ваша ссылка
app-invite-words = Загляните в { $shop }!
app-friends = { $count ->
    [one] { $count } друг
    [few] { $count } друга
    [many] { $count } друзей
   *[other] { $count } друзей
}
app-earned = Заработано
app-held = Ожидает
app-your-tier = Ваш уровень
app-tier-discount = { $percent } % скидки на все цены
app-next-tier = Ещё { $amount } до уровня { $tier }
app-settings = Настройки
app-language = Язык
app-how-to-find = Как найти
app-open-link = Открыть ссылку
app-refund = Возврат
app-other-way = Другой способ оплаты
app-give = Дать { $amount }
app-code-from = Действует для заказов от { $amount }
app-gift-make = Подарить { $amount }
app-gift-none = Пока нечего дарить
app-gift-none-text = Подарок берётся из вашего кошелька. Сначала пополните его.
app-gift-back = Деньги снова в вашем кошельке
app-redeem = Применить код
app-redeemed = { $amount } теперь в вашем кошельке
app-claim-what = Что с ним не так?
app-claim-send = Отправить магазину
app-claim-sure = Отозвать обращение? Магазин больше не будет его рассматривать.
app-claim-open = Магазин получил ваше сообщение и решит: другая штука, возврат денег или ответ, почему нет. Мы напишем вам в чат.
app-claim-replaced = Вы получите другую штуку взамен. Она здесь, в заказе, и в чате.

# Orders and wallet
orders-title = Ваши заказы
orders-empty = У вас пока нет заказов.
orders-row = { $code } · { $status } · { $total }
orders-unknown = Я не нашёл у вас заказа { $code }.
wallet-title = Ваш кошелёк
wallet-balance = Баланс: { $amount }
wallet-cash = Деньги: { $amount }
wallet-stars = Из Stars, на цифровые товары: { $amount }
wallet-bonus = Бонусы: { $amount }
wallet-debt = Ваш долг магазину: { $amount }. Кошельком нельзя платить, пока он не погашен; пополнение сначала гасит долг.
wallet-empty = Здесь пока ничего не было.
wallet-refill = ➕ Пополнить
wallet-entry = { $amount } → { $balance }
wallet-reason-opening = Начальный баланс
wallet-reason-deposit = Пополнение
wallet-reason-pays = Оплата заказа { $code }
wallet-reason-release = Возвращено из заказа { $code }
wallet-reason-refund = Возврат за заказ { $code }
wallet-reason-late = Поздний или второй платёж за заказ { $code }
wallet-reason-adjustment = Изменено магазином
wallet-reason-taken = Отозвано платёжной системой
wallet-reason-returned = Возвращено платёжной системой
wallet-reason-commission = Вознаграждение за пополнение друга
wallet-reason-commission-back = Вознаграждение возвращено
wallet-reason-deposit-refund = Пополнение возвращено в Stars
wallet-reason-payout = Выплачено
wallet-reason-payout-back = Выплата вернулась
wallet-reason-gift-made = Подарок по ссылке
wallet-reason-gift-claimed = Подарок от друга
wallet-reason-gift-back = Подарок, который никто не открыл
wallet-reason-voucher = Ваучер
wallet-reason-other = Изменение баланса

# Top-up
refill-title = Пополнение кошелька
refill-choose = Выберите сумму или напишите /refill и другую сумму.
refill-range = От { $min } до { $max }.
refill-method = { $amount } на ваш кошелёк. Как вы хотите заплатить?
refill-stars = На то, что вы платите в Stars, можно купить только цифровые товары.
refill-coin = { $amount } на ваш кошелёк. В какой монете?
refill-closed = Сейчас кошелёк нельзя пополнить. Загляните, пожалуйста, позже.
refill-again = Пополнить ещё раз
refill-no-amount = Я не понимаю эту сумму. Напишите, например, /refill 50 или /refill 49.90.
refill-link-over = Эту ссылку уже открывали, или ей больше суток. Выберите сумму здесь.
refill-any-amount = Или отправьте любую сумму в монетах на свой собственный адрес:
deposit-line = Пополнение кошелька
deposit-opened = ⏳ Минутку
deposit-waiting = ⏳ Ждём ваш платёж
deposit-seen = 👀 Ваш платёж замечен
deposit-confirming = 🔗 Ваш платёж подтверждён
deposit-credited = ✅ В вашем кошельке
deposit-partial = ✅ В вашем кошельке, меньше чем планировалось
deposit-expired = ⌛ Завершено
deposit-rejected = ❌ Не открыто
deposit-reversed = ↩️ Отозвано
deposit-head = Пополнение { $code }: { $amount }
deposit-opening = Готовим пополнение…
deposit-until = Оплатите, пожалуйста, до { $time } ({ $countdown }).
deposit-pay-by = Способ: { $method }. Страница оплаты – за кнопкой. Это сообщение покажет, когда деньги придут.
deposit-pay-stars = Оплатите { $amount } кнопкой ниже. На эти деньги можно купить только цифровые товары. Это сообщение покажет, когда деньги придут.
deposit-shows = Это сообщение покажет, когда деньги придут.
deposit-verdict = Платёжная система ещё проверяет платёж. Деньги сами попадут в кошелёк, делать ничего не нужно.
deposit-network = Деньги в пути. Сеть подтвердит их за время от нескольких минут до часа; они сами попадут в кошелёк, делать ничего не нужно.
deposit-last-word = Платёж подтверждён и передаётся дальше, обычно за несколько минут. Деньги сами попадут в кошелёк, делать ничего не нужно.
deposit-chain-seen = { $units } на пути в ваш кошелёк. Зачислим после { $count ->
    [one] { $count } подтверждения
   *[other] { $count } подтверждений
} сети; ничего делать не нужно.
deposit-chain-confirming = { $units } уже в блоке. Зачислим после { $count ->
    [one] { $count } подтверждения
   *[other] { $count } подтверждений
} сети; ничего делать не нужно.
deposit-chain-gone = { $units } не пришли: транзакцию заменили другой или сеть её отбросила. Если они всё же придут, то попадут в ваш кошелёк.
deposit-arrived = { $credited } теперь в вашем кошельке.
deposit-less-arrived = Пришло { $credited } из { $amount }, эти деньги теперь в вашем кошельке.
deposit-less = Пришло { $credited } из { $amount }.
deposit-paid-debt = { $debt } погасили ваш долг магазину, { $rest } теперь в вашем кошельке.
deposit-taken-back = Платёжная система отозвала { $amount } из этого пополнения.
deposit-taken-debt = Чего не хватило в кошельке, то теперь ваш долг магазину.
deposit-going-back = Магазин возвращает вам { $amount } из этого пополнения в Stars.
deposit-given-back = Магазин вернул вам { $amount } из этого пополнения в Stars.
deposit-back-failed = Stars за { $amount } из этого пополнения вернуть не удалось. Магазин разбирается.
deposit-over = Время оплаты вышло.
deposit-cancelled = Вы отменили это пополнение.
deposit-late = Ничего не списано. Если деньги всё же придут, они попадут в ваш кошелёк.
deposit-late-stars = Ничего не списано. Stars, которые придут позже, вернутся к вам.
deposit-refused = Платёжная система не открыла платёж. Ничего не списано; попробуйте, пожалуйста, чуть позже.
deposit-cancel = Отменить пополнение
deposit-open = Открыть пополнение
deposit-unknown = Пополнения { $code } нет.
deposit-notice = 👛 { $amount } поступили в ваш кошелёк (пополнение { $code }).
deposit-notice-debt = 👛 Пришло { $amount } (пополнение { $code }).
deposit-notice-taken = ↩️ Платёжная система отозвала { $amount } из пополнения { $code }.
deposit-notice-returned = 👛 Платёжная система вернула вам { $amount } из пополнения { $code }.
deposit-notice-refunded = ↩️ { $amount } из пополнения { $code } вернулись к вам.
deposit-notice-late = ↩️ { $amount } за пополнение { $code } пришли слишком поздно. Мы вернули их вам.
deposit-notice-second = ↩️ { $amount } за пополнение { $code } пришли, хотя больше не было нужно. Мы вернули их вам.
deposit-notice-back-failed = { $amount } из пополнения { $code } вернуть вам не удалось. Магазин разбирается.

# Friends
referral-title = Пригласите друзей
referral-how = Отправьте свою ссылку тем, кто ещё не знает магазин. Кто откроет её при самом первом визите, навсегда останется здесь вашим другом.
referral-friends = { $count ->
    [0] По вашей ссылке пока никто не пришёл.
    [one] По вашей ссылке пришёл { $count } друг.
    [few] По вашей ссылке пришли { $count } друга.
   *[many] По вашей ссылке пришло { $count } друзей.
  }
referral-copy = Скопировать ссылку
referral-share = Поделиться
referral-share-words = Загляните в { $shop }!
referral-friends-list = 👥 Кто пришёл
referral-friends-title = Кто пришёл по вашей ссылке
referral-friends-none = Пока никто. Отправьте ссылку другу.
referral-friend = { $name }, с { $time }
referral-nameless = Кто-то
referral-own-link = Это ваша собственная ссылка: отправьте её друзьям.
referral-no-newcomer = Приглашение действует только при самом первом визите, поэтому эта ссылка для вас ничего не меняет. Вот магазин.
notice-invited = 🤝 Вас пригласил друг. Приглашайте и вы: у вас есть своя ссылка.
notice-friend-joined = { $count ->
    [1] 🤝 Кто-то открыл магазин по вашей ссылке: это ваш первый друг здесь.
    [one] 🤝 Кто-то открыл магазин по вашей ссылке: теперь у вас здесь { $count } друг.
    [few] 🤝 Кто-то открыл магазин по вашей ссылке: теперь у вас здесь { $count } друга.
   *[many] 🤝 Кто-то открыл магазин по вашей ссылке: теперь у вас здесь { $count } друзей.
  }
referral-earn = Вы получаете { $percent } % от всех их пополнений бонусом в кошелёк.
referral-earned = Заработано: { $amount }
referral-held = Придержано, пока платежи не станут надёжными: { $amount }
referral-tier = Ваш уровень: { $tier }
referral-tier-discount = Ваш уровень: { $tier }, скидка { $discount } % на всё
referral-progress = { $bar } ещё { $missing } до уровня { $tier }
referral-leaders = 🏆 Таблица лидеров
tier-bronze = 🥉 Бронза
tier-silver = 🥈 Серебро
tier-gold = 🥇 Золото
tier-platinum = 💠 Платина
tier-diamond = 💎 Бриллиант
leader-title = 🏆 Кто заработал больше всех
leader-none = Пока никто ничего не заработал. Будьте первым.
leader-row = { $place } { $name } – { $amount }
leader-you = Вы
leader-join = Пригласите друга и тоже попадёте сюда.
notice-commission-paid = 🤝 { $amount } для вас: ваш друг пополнил кошелёк. Это бонус в вашем кошельке.
notice-commission-taken-back = ↩️ Платёжная система забрала пополнение вашего друга, и вместе с ним { $amount } из вашего заработка.
notice-commission-given-again = 🤝 Пополнение вашего друга снова в силе: { $amount } для вас.
notice-earnings = Заработано: { $amount }
notice-tier-higher = 🎉 Вы достигли нового уровня: { $tier }
notice-tier-lower = Теперь ваш уровень: { $tier }
notice-tier-discount = С ним все цены для вас ниже на { $discount } %.
notice-gift-received = 🎁 Друг подарил вам { $amount }. Деньги в вашем кошельке.
notice-voucher-claimed = 🎟 Ваш ваучер принёс { $amount }. Деньги в вашем кошельке.
notice-gift-claimed = 🎁 Ваш подарок на { $amount } открыли.
notice-gift-back = ⌛ Никто не открыл ваш подарок на { $amount } вовремя. Деньги снова в вашем кошельке.
notice-gift-taken = ↩️ Вы забрали свой подарок на { $amount } обратно. Деньги в вашем кошельке.
notice-written-off = ✅ Магазин списал { $amount } вашего долга.
notice-added = 👛 Магазин добавил { $amount } в ваш кошелёк.
notice-taken = 👛 Магазин снял { $amount } с вашего кошелька.

# Paying in coins
coin-send = Отправьте ровно { $units } в сети { $network } на этот адрес:
coin-memo = С комментарием { $memo }; без него деньги не найти.
coin-only = Только { $coin } в сети { $network }: всё другое, отправленное туда, пропадёт. Меньше или больше – не страшно, всё, что придёт, ваше.
coin-copy-address = Скопировать адрес
coin-copy-amount = Скопировать { $units }
coin-copy-memo = Скопировать комментарий
coin-qr = QR-код
coin-qr-over = Там больше нечего оплачивать.
coin-from = { $coin }: от { $amount }
coin-about = { $coin }: примерно { $units }
chain-title = Пополнение через { $coin }
chain-send = Отправьте любую сумму в { $coin } на этот адрес. Он только ваш и останется вашим:
chain-only = Отправляйте сюда только { $ticker } в сети { $coin }: всё остальное пропадёт.
chain-confirmations = Зачислим после { $count ->
    [one] { $count } подтверждения
   *[other] { $count } подтверждений
}, обычно примерно за { $minutes ->
    [one] { $minutes } минуту
    [few] { $minutes } минуты
   *[other] { $minutes } минут
}. Я напишу, когда увижу платёж и когда зачислю его.
chain-much = Сумма больше { $amount } за раз ждёт { $count ->
    [one] { $count } подтверждения
   *[other] { $count } подтверждений
}.
chain-rate = { $rate } для того, что увидим до { $time }; позже — курс того момента.
chain-look = 🔄 Я отправил(а)
chain-looking = Смотрю…
chain-looked = Смотрю в сеть. Как только ваш платёж там появится, я напишу.
chain-open = Открыть адрес
chain-closed = { $coin } сейчас не принимается. Выберите другой способ или зайдите позже.

# Profile
profile-title = Ваш профиль
profile-wallet = 👛 В кошельке: { $amount }
profile-orders = { $count ->
    [0] 📦 Заказов пока нет
    [one] 📦 { $count } заказ
    [few] 📦 { $count } заказа
   *[many] 📦 { $count } заказов
  }
profile-friends = { $count ->
    [0] 🤝 Друзей пока нет
    [one] 🤝 { $count } друг
    [few] 🤝 { $count } друга
   *[many] 🤝 { $count } друзей
  }
profile-language = 🌐 Язык: { $language }
profile-badges = Ваши значки
profile-badges-none = Значков пока нет. Первый дают за первую покупку.
profile-badges-left = { $count ->
    [one] Можно получить ещё { $count }
    [few] Можно получить ещё { $count }
   *[many] Можно получить ещё { $count }
  }
achievement-firstPurchase = 🛍 Первая покупка
achievement-firstTopUp = 👛 Первое пополнение
achievement-firstFriend = 🤝 Первый друг
achievement-tenFriends = 🎊 Десять друзей
achievement-bigSpender = 🏆 Щедрый покупатель
achievement-silver = 🥈 Серебряный уровень
achievement-gold = 🥇 Золотой уровень
achievement-platinum = 💠 Платиновый уровень
achievement-diamond = 💎 Бриллиантовый уровень
notice-achievement = Новый значок для вас: { $badge }

# Language and help
language-title = Выберите язык
language-set = Теперь я говорю с вами по-русски.
help-title = Что здесь можно
help-find = 🔎 Напишите название – я поищу. Всё, что есть: /shop
help-inline = 📣 { $bot } и название в любом чате приносят туда карточку.
help-buy = 🛒 Купленное приходит в этот чат и остаётся в /orders.
help-code = 🎟 Промокод или код ваучера просто напишите сюда.
help-gift = 🎁 Деньги из кошелька можно подарить по ссылке.
help-watch = 🔔 Распродано? На карточке есть кнопка: я напишу, когда товар появится.
help-claim = 🛠 Брак? Пока действует гарантия, в заказе есть кнопка.
help-app = 📱 «{ $button }» рядом с полем ввода – всё это как приложение.
help-more = /profile /referrals /language /status
    Помощь с оплатой: /paysupport
    Магазин: /support /terms /privacy
help-support = Напишите нам: { $contact }
help-support-none = Магазин ещё не указал контакт. Откройте заказ в /orders: там написано, что будет дальше.
help-paysupport = Проблема с оплатой? Откройте заказ в /orders: там видно, что пришло и что будет дальше. Деньги, пришедшие поздно или дважды, попадают в кошелёк, Stars возвращаются сами. Если что-то всё ещё не так, сообщите нам код заказа.
help-terms = Вы покупаете у { $shop }. Цены включают налог. Цифровые товары приходят сюда сразу после оплаты; остальное ждёт вас в пункте выдачи. За то, что нельзя доставить, деньги возвращаются.
help-privacy = { $shop } хранит ваш Telegram id, имя (зашифровано), заказы и платежи – и ничего больше. Данные карты остаются у платёжной системы. Чтобы удалить данные, напишите в /support.
status-open = 🟢 Магазин открыт.
status-closed = 🔴 Магазин сейчас закрыт.
status-methods = Можно оплатить: { $methods }
status-orders = { $count ->
    [0] Открытых заказов у вас нет.
    [one] У вас { $count } открытый заказ: /orders
    [few] У вас { $count } открытых заказа: /orders
    [many] У вас { $count } открытых заказов: /orders
   *[other] У вас { $count } открытого заказа: /orders
  }
command-start = Меню
command-shop = Осмотреться и купить
command-basket = Ваша корзина
command-orders = Ваши заказы
command-wallet = Ваш кошелёк
command-refill = Пополнить кошелёк
command-referrals = Пригласить друзей
command-profile = Ваш профиль
command-language = Сменить язык
command-support = Связаться с магазином
command-help = Что я умею
command-status = Всё ли работает
command-paysupport = Помощь с оплатой
command-terms = Условия
command-privacy = Конфиденциальность

# Kind words when something is in the way
error-general = Сейчас не получилось. Ничего не потеряно; попробуйте ещё раз через минуту.
error-slower = Чуть медленнее, пожалуйста. Я никуда не ухожу.
error-banned = Вы не можете пользоваться этим магазином. Если это ошибка, напишите в /support.
precheckout-other = Этот счёт больше не действует. Откройте заказ или пополнение ещё раз.
precheckout-yours = Этот счёт принадлежит другому человеку.
precheckout-over = Время на оплату вышло. Ничего не списано.
precheckout-error = Сейчас не удалось проверить платёж. Ничего не списано; попробуйте ещё раз.

# Why not
rejection-SoldOut = К сожалению, это только что распродали. Ничего не списано.
rejection-PriceChanged = Цена изменилась. Проверьте новую сумму.
rejection-LimitReached = Вы достигли лимита этого товара на человека.
rejection-TooManyOpenOrders = У вас слишком много неоплаченных заказов и пополнений. Сначала оплатите или отмените что-нибудь одно.
rejection-CoolDown = Несколько отложенных для вас заказов не были оплачены, поэтому сейчас мы ничего не откладываем. Можно купить из кошелька или попробовать позже.
rejection-CoolDown-until = Несколько отложенных для вас заказов не были оплачены, поэтому до { $until } мы ничего не откладываем. Из кошелька можно купить сразу.
rejection-TooManyHeld = Столько штук одного товара для одного человека не откладывается. Возьмите меньше или оплатите открытый заказ.
rejection-TooManyHeld-of = { $limit ->
    [one] Для одного человека откладывается не больше { $limit } штуки товара. Возьмите меньше или оплатите открытый заказ.
    [few] Для одного человека откладывается не больше { $limit } штук товара. Возьмите меньше или оплатите открытый заказ.
   *[many] Для одного человека откладывается не больше { $limit } штук товара. Возьмите меньше или оплатите открытый заказ.
  }
rejection-InsufficientFunds = В кошельке недостаточно средств. Выберите другой способ.
rejection-WalletInDebt = В кошельке долг, поэтому платить им сейчас нельзя.
rejection-HoldExpired = Время на оплату этого заказа вышло.
rejection-ShopClosed = Магазин сейчас закрыт. Загляните позже.
rejection-MethodNotAllowed = Этот способ невозможен для этого заказа. Выберите другой.
rejection-MethodUnavailable = Этот способ сейчас не работает. Выберите другой.
rejection-MethodNotYet = Этот способ оплаты откроется, когда мы узнаем друг друга лучше. Пока выберите другой.
rejection-NoCommonMethod = Эти товары нельзя оплатить вместе. Закажите их по группам.
rejection-ProductGone = Один из товаров больше не продаётся.
rejection-OptionNeeded = Сначала выберите вариант этого товара.
rejection-AmountOutOfBounds = Такая сумма здесь невозможна. Выберите другую.
rejection-EmptyBasket = Ваша корзина пуста.
rejection-PaymentOnItsWay = Ваш платёж уже в пути, поэтому изменить это сейчас нельзя. Подождите немного.
rejection-AlreadyPaid = Этот заказ уже оплачен.
rejection-AlreadyEnded = Этот заказ уже закрыт.
rejection-NotYours = Этот заказ принадлежит другому человеку.
rejection-CustomerBanned = Вы не можете пользоваться этим магазином. Если это ошибка, напишите в /support.
rejection-UnknownOrder = Такого заказа нет.
rejection-NotPaid = Этот заказ не оплачен.
rejection-NothingToSend = Отправлять снова нечего.
rejection-HeldBack = Платёж оспаривается, поэтому не выданные товары ждут.
rejection-BuyerInDebt = У кошелька, которым это оплачено, долг: не выданные товары ждут, пока он не погашен.
rejection-NothingLeft = Возвращать больше нечего.
rejection-WholeOnly = Этот платёж можно вернуть только целиком.
rejection-TooMuch = Это больше, чем было оплачено.
rejection-Disputed = Плательщик оспаривает этот платёж, поэтому вернуть его нельзя.
rejection-AlreadyPlaced = Этот заказ у вас уже открыт.
rejection-CodeStopped = Этот код больше не действует.
rejection-CodeNotYet = Этот код ещё не действует.
rejection-CodeEnded = Срок действия этого кода истёк.
rejection-CodeUsedUp = Этот код уже использован до конца.
rejection-CodeNotForYou = Этот код предназначен не для вас.
rejection-CodeFirstOrder = Этот код только для первого заказа.
rejection-CodeUsedByYou = Вы уже использовали этот код столько раз, сколько можно.
rejection-CodeNotForThese = Этот код для других товаров.
rejection-CodeMinimum = Сумма заказа меньше той, с которой действует этот код.
rejection-AmountTooSmall = Это меньше минимальной суммы пополнения. Выберите, пожалуйста, сумму побольше.
rejection-AmountTooLarge = Это больше, чем можно пополнить за раз. Выберите, пожалуйста, сумму поменьше.
rejection-TooManyOpenPayments = У вас слишком много неоплаченных заказов и пополнений. Сначала оплатите или отмените что-нибудь одно.
rejection-AlreadyCredited = Это пополнение уже в вашем кошельке.
rejection-UnknownDeposit = Такого пополнения нет.
rejection-other = Это оказалось невозможно.

# Staff
staff-title = Заказ { $code }
staff-customer = Покупатель: { $customer }
staff-money = { $method } · { $total }
staff-received = Получено: { $amount }
staff-tolerated = Не хватило { $amount }, в пределах допуска: за счёт магазина
staff-disputed = ⚠️ Плательщик оспаривает этот платёж. Возвраты закрыты.
staff-warned = ⚠️ Банк предупреждает, что этот платёж могут оспорить. Возврат сейчас может избавить от спора; не выданные товары ждут вас.
staff-taken-back = Отозвано платёжной системой: { $amount }
staff-status-awaitingPayment = ⏳ Ждёт оплаты
staff-status-awaitingSettlement = 👀 Платёж замечен, ждём платёжную систему
staff-status-paid = ✅ Оплачен, доставляется
staff-status-delivered = 🎉 Доставлен
staff-status-unfulfillable = 😔 Оплачен, но распродан: деньги вернутся сами
staff-status-refunded = ↩️ Деньги возвращены
staff-status-expired = ⌛ Не оплачен вовремя
staff-status-cancelled = ✖️ Отменён
staff-delivery-waiting = ждёт отправки
staff-delivery-sending = отправляется
staff-delivery-sent = отправлено
staff-delivery-shown = отправлено и показано
staff-delivery-staffTask = ⚠️ Telegram отказывает: передайте сами
staff-delivery-handedOver = передано
staff-delivery-revoked = отозвано
staff-delivery-held = ⏸ задержано: платёж оспаривается
staff-code = код { $code }
staff-hand-over = 🤝 Передано: { $title }
staff-resend = 📨 Отправить снова
staff-refund = ↩️ Вернуть деньги
staff-cancel = ✖️ Отменить
staff-sure-refund = Вернуть { $amount }? Нажмите ещё раз.
staff-sure-cancel = Отменить заказ? Нажмите ещё раз.
staff-yes-refund = Да, вернуть { $amount }
staff-yes-cancel = Да, отменить
staff-no = Нет, назад
staff-not-you = Это могут только сотрудники магазина.
staff-role = Ваша роль этого не позволяет.
staff-doing = Делаю…
staff-done-resend = Отправляется снова.
staff-later = Это дольше обычного. Сообщение изменится, когда всё будет готово.
staff-help = У каждого заказа здесь одно сообщение, которое меняется вместе с ним. Кнопки: передать, отправить снова, вернуть деньги, отменить; возврат и отмена просят второго нажатия.

# A basket that buys itself
auto-buy-opening = Запомнил…
auto-buy-waiting = ⚡ Как только деньги будут в кошельке, покупка совершится сама, один раз, не дороже { $total }. До тех пор ничего не отложено. Через 24 часа я сначала спрошу.
auto-buy-give-up = ✖️ Не покупать само
auto-buy-given-up = Хорошо, само ничего не купится.
auto-buy-asked = 💰 Деньги в кошельке, но { $code } за { $total } я сам не купил. { $why }
auto-buy-late = Они пришли больше чем через 24 часа после вашей просьбы.
auto-buy-changed = С тех пор ваша корзина изменилась.
auto-buy-look = Посмотреть и купить

# Alerts to staff
alert-ratesApart = ⚠️ Курсы { $what }: два источника расходятся больше чем на 2 %. Пока они не сойдутся, по этим курсам ничего не считается.
alert-ratesJump = ⚠️ Курсы { $what } разом изменились больше чем на 20 %. По ним ничего не считается, пока они не вернутся или не продержатся час.
alert-ratesStale = ⚠️ Курсы { $what }: источники не дают их уже час. Пока курсов нет, по ним ничего не считается.
alert-ratesBack = ✅ Курсы { $what } снова в порядке.
alert-methodHidden = ⚠️ { $method }: { $count } неудач подряд, способ скрыт. Через 15 минут попробуем снова и покажем его, если получится.
alert-methodBack = ✅ { $method } снова работает и показан.
alert-warnedOf = ⚠️ Банк предупреждает о { $what }: платёж могут оспорить. Возврат сейчас может избавить от спора.
alert-disputed = ⚠️ Плательщик оспаривает платёж за { $what }. Не отправленное ждёт; ответьте на спор в платёжной системе.
alert-takenBack = ↩️ Платёжная система отозвала { $amount } из { $what }.
alert-givenAgain = ✅ Платёжная система вернула { $amount } из { $what }.
alert-refundFailed = ❗ Не удалось вернуть { $amount } из пополнения { $what }: { $reason }. Долг остаётся; повторить: tillflow deposit refund.
alert-unequal = ⚠️ Сверка, { $what }: { $count ->
    [one] { $count } расхождение
    [few] { $count } расхождения
   *[other] { $count } расхождений
}, вместе { $amount }. У платёжной системы { $statement }, в учёте { $ledger }, и то и другое без комиссий ({ $fees }).
alert-ledgerLacks = ⚠️ { $what }: у платёжной системы есть { $amount }, которых нет в учёте.
alert-ledgerHasMore = ⚠️ { $what }: в учёте есть { $amount }, которых нет у платёжной системы.
alert-chainStale = ⚠️ Сеть { $coin } не отслеживается уже 15 минут. Последний блок { $height }, отставание — { $count ->
    [one] { $count } блок
    [few] { $count } блока
   *[other] { $count } блоков
}. Адреса { $coin } пока не показываются; отправленное за это время найдётся потом.
alert-chainBack = ✅ Сеть { $coin } снова отслеживается, до блока { $height }.
alert-addressesUnused = ⚠️ { $count ->
    [one] { $count } адрес
    [few] { $count } адреса
   *[other] { $count } адресов
} { $coin } подряд выданы, и на них ничего не пришло. С 20 новые покупатели адрес не получат: кошелёк дальше не смотрит.
alert-addressesUsedUp = ⛔ { $count ->
    [one] { $count } адрес
    [few] { $count } адреса
   *[other] { $count } адресов
} { $coin } подряд остались без платежей. Новым покупателям { $coin } не предлагается, пока на один из них не заплатят; у кого адрес есть, у того он остаётся.

## Transfers to the shop's own account or phone

method-blik = BLIK на телефон
method-bank = Банковский перевод
transfer-account = Переведите { $amount } на этот счёт:
transfer-phone = Отправьте { $amount } по BLIK на этот номер телефона:
transfer-account-number = Счёт: { $number }
transfer-phone-number = Телефон: { $number }
transfer-name = Получатель: { $name }
transfer-bank = Банк: { $bank }
transfer-title = Назначение: { $title }
transfer-receipt = 📎 Затем пришлите сюда подтверждение: фото или PDF. Сотрудники магазина посмотрят в банке, и я вам напишу.
transfer-no-blik-code = 🔒 Никто из магазина никогда не спрашивает код BLIK. Никогда не пишите его здесь.
transfer-copy-account = 📋 Счёт
transfer-copy-phone = 📋 Телефон
transfer-copy-title = 📋 Назначение
transfer-copy-amount = 📋 Сумма
transfer-late = Если вы всё же перевели деньги, пришлите сюда подтверждение: пришедшие деньги никогда не пропадают.
transfer-rejected = ❌ Сотрудники магазина не подтвердили пополнение { $code }.
transfer-unjudged = ⌛ Сотрудники магазина не подтвердили пополнение { $code } за три дня.
transfer-reason-notReceived = Таких денег в банке не нашли.
transfer-reason-unreadable = Подтверждение не читается или относится к другому.
transfer-reason-duplicate = Это подтверждение уже использовали.
transfer-reason-other = Пожалуйста, спросите магазин: /support.
transfer-not-lost = Если вы заплатили, напишите в /support или пришлите сюда подтверждение получше. Пришедшие деньги не пропадут.
transfer-blik-code = 🔒 Это похоже на код BLIK. Никогда никому его не отправляйте, и нам тоже: с ним можно забрать ваши деньги. Я его не использовал.
deposit-with-staff = Ваше подтверждение у сотрудников магазина, они смотрят в банке. Делать ничего не нужно; можно прислать сюда ещё одно.
deposit-unjudged = Сотрудники магазина не подтвердили его вовремя.
deposit-not-found = Сотрудники магазина не нашли этих денег.
receipt-taken = 📎 Спасибо. Подтверждение для пополнения { $code } теперь у сотрудников магазина; я напишу, когда они посмотрят.
receipt-known = 📎 Это у меня уже есть, для пополнения { $code }.
receipt-tooMany = Для пополнения { $code } уже есть десять подтверждений, больше я не могу хранить. Сотрудники их посмотрят.
receipt-tooBig = Это слишком большой файл. Пришлите подтверждение для пополнения { $code } как фото или PDF не больше 10 МБ.
receipt-notReadable = Я не могу это прочитать. Пришлите подтверждение для пополнения { $code } как фото (JPEG, PNG, WebP) или PDF не больше 10 МБ.
receipt-open = Открыть пополнение

## Staff: deposits they judge

approval-title = Пополнение { $code }
approval-status-waiting = ⏳ Ждём покупателя
approval-status-seen = 👀 Посмотрите, пожалуйста, в банке
approval-status-credited = ✅ Зачислено
approval-status-partial = ✅ Зачислено меньше, чем просили
approval-status-expired = ⌛ Закончилось, ещё можно зачислить
approval-status-rejected = ❌ Отклонено, ещё можно зачислить
approval-status-reversed = ↩️ Возвращено
approval-asked = Запрошено { $amount }, { $method }
approval-transfer-title = Назначение перевода: { $title }
approval-credited = Уже зачислено: { $amount }
approval-receipts = { $count ->
    [0] Подтверждений нет
    [one] { $count } подтверждение в этом чате
    [few] { $count } подтверждения в этом чате
   *[many] { $count } подтверждений в этом чате
 }
approval-twin-sameFile = ⚠️ Этот же файл прислали для пополнения { $code }
approval-twin-samePicture = ⚠️ Эту же картинку прислали для пополнения { $code }
approval-approved = ✅ { $amount } от { $sender }, номер операции { $reference }: { $by }
approval-by-one = ✌️ { $amount } от { $sender }, номер операции { $reference }: { $by }. Нужно подтверждение ещё одного человека.
approval-by-two = ✅ { $amount } от { $sender }, номер операции { $reference }: { $by } и { $second }
approval-rejected = ❌ Отклонено, { $by }: { $reason }
approval-reason-notReceived = Нет в банке
approval-reason-unreadable = Не читается
approval-reason-duplicate = Уже использовано
approval-reason-other = Другая причина
approval-approve = ✅ Подтвердить
approval-approve-more = ➕ Пришло ещё
approval-reject = ❌ Отклонить
approval-second = ✅ Подтвердить вторым
approval-how = Деньги в банке? Отправьте сколько пришло, номер операции банка и кто отправил, вот так: { $command }
approval-more = Это пополнение уже зачислено. Продолжайте, только если пришло ещё.
approval-copy = 📋 Скопировать начало
approval-why = Почему?
approval-sure = Зачислить { $amount } от { $sender }, номер операции { $reference }?
approval-sure-reject = Отклонить: { $reason }?
approval-yes = Да, зачислить { $amount }
approval-yes-reject = Да, отклонить
approval-gone = Это уже решили.
approval-receipt-of = Подтверждение для пополнения { $code }
approval-reminder = ⏰ Пополнение { $code } на { $amount } ждёт, чтобы кто-нибудь посмотрел в банке; подтверждение пришло { $time }.
approval-usage = Вот так: { $command }
approval-refused-UnknownDeposit = Такого пополнения переводом нет.
approval-refused-OwnDeposit = Никто не подтверждает собственные деньги.
approval-refused-SamePerson = Вы уже подтвердили; нужен другой человек.
approval-refused-AnotherDraft = Это написал кто-то другой.
approval-refused-AlreadyJudged = Тем временем это решил кто-то другой.
approval-refused-AlreadyEnded = Оно уже закончилось.
approval-refused-AlreadyCredited = Оно уже зачислено.
approval-refused-ReferenceUsed = По этому номеру операции уже зачисляли.
approval-refused-AmountTooLarge = Это намного больше, чем можно пополнить.
approval-refused-amount = Это не сумма в валюте магазина.
approval-refused-reference = Номер операции – от 4 до 64 букв и цифр.
approval-refused-sender = Кто отправил? До 100 знаков.
command-approve = Подтвердить пополнение переводом

payout-asked-order = ↩️ { $amount } за заказ { $code } возвращаются вам. Такой платёж не возвращается сам: скажите, куда отправить.
payout-asked-deposit = ↩️ Магазин возвращает вам { $amount } из пополнения { $code }. Скажите, куда отправить.
payout-asked-again-order = ⏰ { $amount } за заказ { $code } всё ещё ждут: скажите, куда отправить.
payout-asked-again-deposit = ⏰ { $amount } из пополнения { $code } всё ещё ждут: скажите, куда отправить.
payout-open = 📮 Указать, куда
payout-told-sent = 🚀 { $amount } ({ $code }) отправлены вам.
payout-told-succeeded = ✅ { $amount } ({ $code }) вам возвращены.
payout-told-failed = { $amount } ({ $code }) не удалось вернуть, поэтому деньги в вашем кошельке.
payout-transaction = Перевод: { $transaction }
payout-failure-notNamed = Не было сказано, куда отправить.
payout-failure-refused = Так решили сотрудники магазина.
payout-failure-destination = По указанным данным отправить нельзя.
payout-failure-cameBack = Перевод был отправлен и вернулся.
payout-failure-cancelled = Выплата отменена.
payout-title = Возврат денег
payout-of-order = { $amount } за заказ { $code }
payout-of-deposit = { $amount } из пополнения { $code }
payout-where-address = На какой ваш адрес? Он должен принимать { $coin } в сети { $network }: в другой сети деньги пропадут.
payout-where-account = На какой ваш счёт? Пожалуйста, IBAN.
payout-where-phone = На какой ваш номер телефона приходят переводы BLIK?
payout-write = ✍️ Напишите сюда сообщением.
payout-not-sender = Не указывайте адрес, с которого платили, если платила биржа: он может быть не вашим.
payout-until-order = Если не ответить до { $time }, деньги поступят в ваш кошелёк.
payout-until-deposit = Если не ответить до { $time }, деньги останутся в вашем кошельке.
payout-name-address = ✍️ Указать адрес
payout-name-account = ✍️ Указать счёт
payout-name-phone = ✍️ Указать номер телефона
payout-another = ✍️ Другие данные
payout-yes = ✅ Да, отправьте туда
payout-check = Сверьте, пожалуйста, каждый знак. Отправленное не вернуть.
payout-destination-address = Адрес: { $destination }
payout-destination-account = Счёт: { $destination }
payout-destination-phone = Телефон: { $destination }
payout-misfit-malformed = Это на них не похоже.
payout-misfit-checksum = Какой-то знак неверен или пропущен: контрольные цифры не сходятся.
payout-misfit-ours = Это адрес магазина. Укажите, пожалуйста, свой.
payout-stage-approval = ⏳ Спасибо. Сотрудники магазина проверяют.
payout-stage-second = ⏳ Спасибо. Сотрудники магазина проверяют.
payout-stage-sending = ⏳ Одобрено, скоро отправим.
payout-stage-arrival = 🚀 Отправлено, в пути.
payout-stage-succeeded = ✅ Возвращено.
payout-stage-failed = Деньги в вашем кошельке.
staff-payout-title = Выплата { $code }
staff-payout-stage-naming = ⏳ Ждём, куда скажет покупатель
staff-payout-stage-approval = 👀 Подтвердите или отклоните
staff-payout-stage-second = ✌️ Нужно подтверждение ещё одного человека
staff-payout-stage-sending = 💸 Подтверждено: отправьте деньги
staff-payout-stage-arrival = 🚀 Отправлено: дошло?
staff-payout-stage-succeeded = ✅ Возвращено
staff-payout-stage-failed = ↩️ Не возвращено: в кошельке
staff-payout-rail = Способ: { $rail }
staff-payout-asked-by = Запросил: { $by }
staff-payout-approved = ✅ Подтвердил: { $by }
staff-payout-sent = 🚀 Отправил { $by }: { $transaction }
staff-payout-act-approve = ✅ Подтвердить
staff-payout-act-second = ✅ Подтвердить вторым
staff-payout-act-sent = 🚀 Деньги отправлены
staff-payout-act-arrived = ✅ Дошло
staff-payout-act-refuse = ✖️ В кошелёк
staff-payout-act-destination = 📮 Туда не отправить
staff-payout-act-cameBack = ↩️ Вернулось
staff-payout-sure-approve = Разрешить выплату { $amount } по данным выше?
staff-payout-sure-second = Разрешить выплату { $amount } по данным выше вторым подтверждением?
staff-payout-sure-sent = { $amount } отправлены переводом { $transaction }?
staff-payout-sure-arrived = { $amount } дошли?
staff-payout-sure-refuse = Не выплачивать { $amount }, а оставить в кошельке?
staff-payout-sure-destination = { $amount } туда не отправить: оставить в кошельке?
staff-payout-sure-cameBack = { $amount } вернулись: зачислить в кошелёк?
staff-payout-yes-approve = Да, подтвердить
staff-payout-yes-second = Да, подтвердить
staff-payout-yes-sent = Да, отправлено
staff-payout-yes-arrived = Да, дошло
staff-payout-yes-refuse = Да, в кошелёк
staff-payout-yes-destination = Да, в кошелёк
staff-payout-yes-cameBack = Да, вернулось
staff-payout-how-sent = Деньги отправлены? Пришлите номер перевода или операции банка, вот так: { $command }
staff-payout-open = Открыть выплату
staff-payout-reminder = ⏰ Выплата { $code } на { $amount } ждёт сотрудников: { $time }.
payout-refused-UnknownPayout = Такой выплаты нет.
payout-refused-OwnPayout = Никто не решает о собственных деньгах.
payout-refused-AskedForIt = Вы это запросили; подтвердить должен другой человек.
payout-refused-SamePerson = Вы уже подтвердили; нужен другой человек.
payout-refused-NotNamed = Ещё не сказано, куда отправить.
payout-refused-NotApproved = Выплата ещё не подтверждена.
payout-refused-NotSent = Она ещё не отправлена.
payout-refused-AlreadyJudged = Тем временем это решил кто-то другой.
payout-refused-AlreadyClosed = Она уже закончилась.
payout-refused-TakenBack = Деньги этого пополнения тем временем отозваны: не отправляйте.
payout-refused-WalletInDebt = Кошелёк в долгу: из него ничего не выплачивается.
payout-refused-TransactionUsed = Этим переводом оплачена другая выплата.
payout-refused-NoDraft = Это написал кто-то другой.
payout-refused-transaction = В номере перевода от 4 до 128 букв, цифр или знаков.
command-sent = Сообщить, что выплата отправлена

# Waiting for sold-out products, and stock as staff are told of it
stage-price-note = Это цена сейчас. Сколько вы заплатите, показано перед оплатой.
stage-open = ⭐ Купить в магазине
stage-removed = Это предложение закончилось. Сам товар по-прежнему здесь.
stock-watch-ask = 🔔 Сообщить, когда появится
stock-watch-stop = 🔕 Больше не сообщать
stock-watch-remove = ✕ Убрать
stock-watch-title = Товары, которых вы ждёте
stock-watch-none = Вы не ждёте ни одного товара. Кнопка для этого есть на карточке того, что распродано.
stock-watch-about = { $count ->
    [one] { $count } товар. Напишем вам, когда он появится: в том порядке, в котором люди просили.
    [few] { $count } товара. Напишем вам, когда что-то появится: в том порядке, в котором люди просили.
   *[many] { $count } товаров. Напишем вам, когда что-то появится: в том порядке, в котором люди просили.
  }
stock-watch-list = { $count ->
    [0] 🔔 Жду товары
   *[other] 🔔 Жду товары ({ $count })
  }
stock-watch-watching = Напишем вам, когда он появится.
stock-watch-stopped = Больше не напишем вам об этом товаре.
stock-watch-in-stock = Он есть: можно купить сейчас.
stock-watch-gone = Этот товар больше не продаётся.
stock-watch-too-many = Вы уже ждёте 50 товаров. Сначала уберите один в /profile.
stock-watch-open = 🛍 Посмотреть
notice-stock-back = 🔔 { $product } снова есть. Вы попросили одними из первых: четверть часа о нём знает лишь столько людей, сколько есть штук.
alert-stageSend = 🛍 «{ $title }» не отправлено: товар больше не продаётся или его витрина удалена.
alert-stockLow = 📉 { $product }: { $left ->
    [one] осталась только { $left } штука.
    [few] осталось только { $left } штуки.
   *[many] осталось только { $left } штук.
  }
alert-stockOut = 🈳 { $product }: всё распродано.
alert-stockBack = 📦 { $product } снова есть: не меньше { $left ->
    [one] { $left } штуки.
   *[many] { $left } штук.
  } Тем, кто ждал, сообщаем по очереди.

# Faulty goods within their warranty
claim-begin = 🛠 Что-то не так
claim-title = 🛠 Что-то не так
claim-which = С чем именно?
claim-none = Гарантия на этот заказ закончилась.
claim-piece = { $title }, штука { $piece }
claim-describe = Напишите одним сообщением, что не так. Его прочитает сотрудник магазина.
claim-open = Спасибо. Магазин получил ваше сообщение и решит: другая штука, возврат денег или ответ, почему нет. Мы напишем вам здесь.
claim-replaced = ✅ Вы получите другую штуку взамен. Мы пришлём её сюда.
claim-refunded = ✅ Деньги за неё вернутся тем же способом, которым вы платили.
claim-refused = Магазин не принимает её обратно.
claim-withdrawn = Вы это отозвали.
claim-withdraw = ↩️ Не нужно, всё в порядке
claim-look = 🛠 Посмотреть
claim-reason-works = Мы проверили: всё работает, как описано.
claim-reason-used = Товар использовали или изменили после выдачи.
claim-reason-notOurs = Причина не в том, что мы продали.
claim-reason-other = Если хотите узнать больше, напишите в поддержку.
notice-claim = 🛠 { $product }, заказ { $code }
claim-rejected-UnknownClaim = Такого обращения нет.
claim-rejected-WarrantyOver = Гарантия на это закончилась.
claim-rejected-AlreadyClaimed = Об этом уже сообщили.
claim-rejected-AlreadyJudged = Решение уже принято.
claim-rejected-OwnClaim = Никто не решает о том, о чём сообщил сам.
claim-rejected-SoldOut = Другой штуки нет.
claim-rejected-NotDelivered = В таком состоянии заказа это сделать нельзя.
claim-rejected-Disputed = Деньги за этот заказ оспариваются.
claim-rejected-NothingLeft = Возвращать больше нечего.
claim-rejected-MoneyBack = Деньги за него уже возвращены: замены не будет.
claim-rejected-WholeOnly = Звёзды возвращаются только целиком, а это часть заказа.
claim-rejected-TooMuch = От оплаты осталось меньше, чем её цена.
claim-rejected-WalletInDebt = Кошелёк покупателя в долгу.
staff-claim-title = 🛠 Неисправный товар { $code }
staff-claim-status-open = Ждёт решения
staff-claim-status-replaced = Заменено
staff-claim-status-refunded = Деньги возвращены
staff-claim-status-refused = Отказано
staff-claim-status-withdrawn = Покупатель отозвал
staff-claim-order = Заказ { $code }: { $piece }
staff-claim-replace = 🔁 Заменить
staff-claim-refund = 💸 Вернуть деньги
staff-claim-refuse = ✖️ Отказать
staff-claim-sure-replace = Выдать другую штуку? Эта навсегда уходит со склада.
staff-claim-sure-refund = Вернуть её цену тем же способом, которым платили?
staff-claim-sure-refuse = Отказать? Покупатель прочитает причину.
staff-claim-yes-replace = Да, заменить
staff-claim-yes-refund = Да, вернуть
staff-claim-reason-works = Работает
staff-claim-reason-used = Использован или изменён
staff-claim-reason-notOurs = Не наша вина
staff-claim-reason-other = Другая причина
staff-claim-reminder = ⏰ Неисправный товар { $code } ждёт решения с { $since }.
staff-claim-look = 🛠 Посмотреть
